import { Command } from "commander";
import { RepairError } from "../../domain/errors.ts";
import { listLines } from "../reproduce/plan-text.ts";
import { withArms, type ArmOptions } from "./arm-options.ts";
import { findTable, readTables } from "./read-tables.ts";
import { runTable } from "./run-table.ts";

type Options = ArmOptions & { readonly list: boolean };

/** `eval reproduce`: a table of the papers, run by our pipeline on cases and endpoints of one's own. */
export const reproduceCommand = (): Command =>
  withArms(
    new Command("reproduce")
      .description(
        "run a table of the papers on your cases and endpoints, with the paper's numbers beside yours",
      )
      .argument("[table]", "its name, as --list gives it")
      .argument("[cases]", "folder of cases")
      .option("--list", "name the tables, what they show and what they need", false),
    ".copatcher/eval/reproduce",
  ).action(run);

async function run(id: string | undefined, folder: string | undefined, options: Options): Promise<void> {
  if (options.list) return listTables(options.json);
  if (id === undefined || folder === undefined)
    throw new RepairError("usage", "name a table and a folder of cases, or ask for --list");
  await runTable(await findTable(id), folder, options);
}

async function listTables(json: boolean): Promise<void> {
  const { tables, others } = await readTables();
  process.stdout.write(
    json ? `${JSON.stringify({ tables, others })}\n` : `${listLines(tables, others).join("\n")}\n`,
  );
}
