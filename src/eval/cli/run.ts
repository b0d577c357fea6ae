import { Command } from "commander";
import { readOption } from "../../cli/read-option.ts";
import { withArms, type ArmOptions } from "./arm-options.ts";
import { readOwnTable } from "./own-table.ts";
import { runTable } from "./run-table.ts";

type Options = ArmOptions & { readonly arms: string };

/** `eval run`: arms of one's own on cases, compared with the first of them. */
export const runCommand = (): Command =>
  withArms(
    new Command("run")
      .description("run arms of your own on cases: what differs between them is all that differs")
      .argument("<cases>", "folder of cases")
      .requiredOption("--arms <file>", "YAML: what the arms sample, and which models they want"),
    ".copatcher/eval/run",
  ).action(run);

const run = async (folder: string, options: Options): Promise<void> =>
  runTable(readOwnTable(await readOption("--arms", options.arms), options.arms), folder, options);
