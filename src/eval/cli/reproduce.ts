import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { interruption } from "../../cli/interruption.ts";
import { openReplies } from "../../cli/replies.ts";
import { readOption } from "../../cli/read-option.ts";
import { processConfig, type Config } from "../../config.ts";
import { RepairError } from "../../domain/errors.ts";
import { withVisibleHidden } from "../../domain/visible-text.ts";
import type { InferenceClient } from "../../ports/inference-client.ts";
import { wireLogger } from "../../wire/base.ts";
import { wireInference } from "../../wire/inference.ts";
import { loadCodeGrammars } from "../code-bleu/code-grammars.ts";
import { reportHtml } from "../report/html/report-html.ts";
import { reportMarkdown } from "../report/report-markdown.ts";
import { armsToRun } from "../reproduce/arm-plan.ts";
import { listLines, planLines } from "../reproduce/plan-text.ts";
import { reproduceReport, type MeasuredArm } from "../reproduce/reproduce-report.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import type { Grammars } from "../reproduce/turn-likeness.ts";
import { readHarnessReport } from "../suite/harness-report.ts";
import { predictionLines } from "../suite/predictions.ts";
import type { Case } from "../suite/case.ts";
import { evaluationConfig } from "./evaluation-config.ts";
import { readCases } from "./read-cases.ts";
import { findTable, readTables } from "./read-tables.ts";
import { seedOf } from "./read-number.ts";
import { reproductionStore } from "./reproduce-store.ts";
import { runArm, type Bench } from "./run-arm.ts";
import { writeWhole } from "./write-whole.ts";

type Options = {
  readonly list: boolean;
  readonly plan: boolean;
  readonly cases?: readonly string[];
  readonly arm?: readonly string[];
  readonly repos?: string;
  readonly replies?: string;
  readonly replay: boolean;
  readonly graded: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly resume: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly json: boolean;
};

/** `eval reproduce`: a table of the papers, run by our pipeline on cases and endpoints of one's own. */
export const reproduceCommand = (): Command =>
  new Command("reproduce")
    .description(
      "run a table of the papers on your cases and endpoints, with the paper's numbers beside yours",
    )
    .argument("[table]", "its name, as --list gives it")
    .argument("[cases]", "folder of cases")
    .option("--list", "name the tables, what they show and what they need", false)
    .option("--plan", "show what would be asked, and end", false)
    .option("--cases <ids>", "only these, separated by commas", commas)
    .option(
      "--arm <names>",
      "only these arms; needed for arms that differ by what the endpoints serve",
      commas,
    )
    .addOption(new Option("--repos <dir>", "folder of clones that hold the base commits").env("EVAL_REPOS"))
    .option("--replies <dir>", "recorded answers, CASE.json for each case, instead of endpoints")
    .option("--replay", "answer from the stored transcripts, and judge them anew", false)
    .option("--graded <arm=report>", "the harness's report on an arm's predictions", gradedBy, new Map())
    .option("--seed <n>", "of the bootstrap", seedOf, 1)
    .option(
      "--resume <dir>",
      "folder that keeps answers, executions and results; a later run goes on from it",
      ".copatcher/eval/reproduce",
    )
    .option("--html <file>", "write the report as one HTML file")
    .option("--markdown <file>", "write the report as Markdown")
    .option("--json", "print the report as one JSON object on the last line", false)
    .action(run);

async function run(id: string | undefined, folder: string | undefined, options: Options): Promise<void> {
  if (options.list) return listTables(options.json);
  if (id === undefined || folder === undefined)
    throw new RepairError("usage", "name a table and a folder of cases, or ask for --list");
  const table = await findTable(id);
  const arms = armsToRun(table, options.arm ?? null);
  if (arms === null || arms.length === 0)
    throw new RepairError(
      "usage",
      `name some of its arms with --arm: ${table.arms.map(({ name }) => name).join(", ")}`,
    );
  const cases = await readCases(folder, options.cases ?? null);
  for (const line of planLines(table, arms, cases.length)) tell(line);
  if (options.plan) return;

  const measured = await measure(table, arms, cases, options);
  const { html, markdown, json, seed } = options;
  const leftOut = measured.flatMap(({ arm, leftOut: some }) =>
    some.map(({ instance, why }) => ({ instance, why: `${arm.name}: ${why}` })),
  );
  const grammars: Grammars = table.turns === null ? new Map() : await loadCodeGrammars();
  const report = reproduceReport({ table, cases, arms: measured, leftOut, grammars, seed });
  if (markdown !== undefined) await writeWhole(markdown, reportMarkdown(report));
  if (html !== undefined) await writeWhole(html, await reportHtml(report));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : reportMarkdown(report));
}

type Measured = MeasuredArm & {
  readonly leftOut: readonly { readonly instance: string; readonly why: string }[];
};

async function measure(
  table: Table,
  arms: readonly Arm[],
  cases: readonly Case[],
  { repos, replies, replay, resume, graded }: Options,
): Promise<readonly Measured[]> {
  if (repos === undefined)
    throw new RepairError("usage", "name the folder of clones with --repos or EVAL_REPOS");
  const config = evaluationConfig(processConfig("cli"));
  const store = reproductionStore(resume, table);
  const modelsFor = replay ? null : modelsOf(config, replies);
  const bench: Bench = { config, repos, store, modelsFor, tell, signal: interruption() };
  const measured: Measured[] = [];
  for (const arm of arms) {
    const { results, leftOut } = await runArm(bench, table, arm, cases);
    const file = store.predictions(arm);
    await writeWhole(file, predictionLines(`copatcher-${table.id}-${arm.name}`, results));
    tell(`${arm.name}: predictions for the SWE-bench harness are in ${file}`);
    const report = graded.get(arm.name);
    const asked = cases.filter(({ instance }) => results.some((result) => result.instance === instance));
    measured.push({
      arm,
      results,
      leftOut,
      graded:
        report === undefined
          ? null
          : readHarnessReport(await readOption("--graded", report), report, arm.name, asked).results,
    });
  }
  return measured;
}

function modelsOf(config: Config, replies: string | undefined): NonNullable<Bench["modelsFor"]> {
  if (replies !== undefined)
    return async (instance) => (await openReplies(join(replies, `${instance}.json`))).client;
  if (config.inference === null)
    throw new RepairError(
      "config-invalid",
      "COPATCHER_INFERENCE_URL is not set; give the endpoints, or recorded answers with --replies, or --replay",
    );
  const client: InferenceClient = wireInference(config.inference, wireLogger(config, "silent"));
  return () => Promise.resolve(client);
}

async function listTables(json: boolean): Promise<void> {
  const { tables, others } = await readTables();
  process.stdout.write(
    json ? `${JSON.stringify({ tables, others })}\n` : `${listLines(tables, others).join("\n")}\n`,
  );
}

const tell = (line: string): void => {
  process.stderr.write(`${withVisibleHidden(line)}\n`);
};

function commas(text: string): readonly string[] {
  return text.split(",");
}

function gradedBy(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, arm, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (arm === undefined || file === undefined) throw new InvalidArgumentError("It is no ARM=REPORT.");
  return new Map([...before, [arm, file]]);
}
