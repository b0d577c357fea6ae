import { Command } from "commander";
import { processConfig } from "../config.ts";
import type { DataCounts, KeptData } from "../ports/kept-data.ts";
import { wireLogger } from "../wire/base.ts";
import { wireKeptData } from "../wire/keeping.ts";
import { createCounter } from "./counter.ts";
import { checkNew } from "./check-new.ts";
import { writeJsonLines } from "./json-lines.ts";
import { withStore } from "./open-store.ts";
import { readScope, type ScopeOptions } from "./read-scope.ts";

type Options = ScopeOptions & { readonly json: boolean };

/** `copatcher data`: what is stored about people's work, given out, removed or aged out. */
export const dataCommand = (): Command =>
  new Command("data")
    .description("give out, remove or age out what is stored about issues")
    .addCommand(exportCommand())
    .addCommand(deleteCommand())
    .addCommand(pruneCommand());

const scoped = (command: Command): Command =>
  command
    .option("--issue <o/r#n>", "everything about one issue")
    .option("--repository <o/r>", "everything about one repository")
    .option("--installation <n>", "everything about one installation of the App")
    .option("--json", "print one JSON object on the last line", false);

const exportCommand = (): Command =>
  scoped(
    new Command("export")
      .description("write everything about a scope to a file, one JSON value a line")
      .requiredOption("--out <file>", "new file; gzipped when its name ends in .gz"),
  ).action(async (options: Options & { readonly out: string }) => {
    const scope = readScope(options);
    await checkNew(options.out);
    const counter = createCounter("lines written", options.json);
    const lines = await withData((data) =>
      writeJsonLines(options.out, async (write) => {
        for await (const value of data.export(scope)) {
          await write(value);
          counter.add();
        }
        return counter.end();
      }),
    );
    if (options.json) console.log(JSON.stringify({ lines, file: options.out }));
    else console.log(`${lines} lines written to ${options.out}`);
  });

const deleteCommand = (): Command =>
  scoped(
    new Command("delete").description(
      "remove everything about a scope; a run that is at work must be cancelled first",
    ),
  ).action(async (options: Options) => {
    const scope = readScope(options);
    tell(await withData((data) => data.remove(scope)), options.json);
  });

const pruneCommand = (): Command =>
  new Command("prune")
    .description("remove what is older than the COPATCHER_KEEP_ variables say; the bot does it every day")
    .option("--json", "print one JSON object on the last line", false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const { retention } = processConfig("cli");
      tell(await withData((data) => data.prune(retention)), json);
    });

async function withData<T>(work: (data: KeptData) => Promise<T>): Promise<T> {
  const config = processConfig("cli");
  const logger = wireLogger(config, "silent");
  return withStore(config, logger, (store) => work(wireKeptData(config, store, logger)));
}

function tell(removed: DataCounts, json: boolean): void {
  const counts = Object.entries(removed).filter(([, count]) => count > 0);
  const text = counts.map(([what, count]) => `${count} ${what}`).join(", ");
  console.log(json ? JSON.stringify({ removed }) : `Removed: ${text || "nothing"}`);
}
