import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { asRepairError } from "../domain/errors.ts";
import { demoText } from "./demo-text.ts";
import { openDemo, type DemoEnd, type DemoOptions } from "./stage.ts";
import { demoSummary, type DemoSummary } from "./summary.ts";

type Flags = {
  readonly once: boolean;
  readonly json: boolean;
  readonly crash: boolean;
  readonly replies?: string;
  readonly directory?: string;
};

const program = new Command("demo")
  .description("The whole bot on this machine: embedded GitHub, recorded model answers, a real repair.")
  .option("--once", "end after the pull request instead of waiting for Ctrl-C", false)
  .option("--json", "print one JSON object on the last line", false)
  .option("--crash", "kill the bot once in mid-run, to see it resume", false)
  .option("--replies <file>", "other recorded answers")
  .option("--directory <dir>", "where everything is stored (default: .copatcher/demo/<time>)");

try {
  program.parse();
  await runDemo(program.opts<Flags>());
} catch (error) {
  const { code, message, help } = asRepairError(error);
  if (process.argv.includes("--json")) console.log(JSON.stringify({ error: { code, message, help } }));
  process.stderr.write(`The demo failed: ${message}\n${help}\n`);
  process.exitCode = 1;
}

async function runDemo(flags: Flags): Promise<void> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, "-");
  const directory = resolve(flags.directory ?? join(".copatcher", "demo", stamp));
  await mkdir(directory, { recursive: true });
  const options: DemoOptions = {
    directory,
    crash: flags.crash,
    replies: flags.replies ?? null,
    say: flags.json ? () => {} : (text) => process.stderr.write(`${text}\n`),
    silent: flags.json,
  };
  const demo = await openDemo(options);
  try {
    const end = await demo.run();
    const report: unknown = JSON.parse(await readFile(end.reportFile, "utf8"));
    const summary = demoSummary(report, end, directory);
    await store(directory, summary, end);
    if (!flags.json) console.log(demoText(summary, end));
    if (!flags.once) await untilInterrupted(demo.url);
    if (flags.json) console.log(JSON.stringify(summary));
  } finally {
    await demo.close();
  }
}

/** What was said and asked, beside what the bot itself keeps. */
async function store(directory: string, summary: DemoSummary, end: DemoEnd): Promise<void> {
  const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(join(directory, "summary.json"), pretty(summary));
  await writeFile(join(directory, "model-calls.json"), pretty(end.modelCalls));
  await writeFile(join(directory, "comments.md"), `${end.comments.join("\n\n---\n\n")}\n`);
  if (end.pullRequestBody !== null) await writeFile(join(directory, "pull-request.md"), end.pullRequestBody);
}

function untilInterrupted(url: string): Promise<void> {
  process.stderr.write(`\nThe embedded GitHub stays up at ${url}; press Ctrl-C to end.\n`);
  return new Promise((done) => process.once("SIGINT", () => done()));
}
