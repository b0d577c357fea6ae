import { Command, InvalidArgumentError } from "commander";
import { commas, withClones, type CloneOptions } from "./clones.ts";
import { seedOf } from "./read-number.ts";
import { withReport, type ReportOptions } from "./report-options.ts";

export type ArmOptions = ReportOptions &
  CloneOptions & {
    readonly plan: boolean;
    readonly arm?: readonly string[];
    readonly replies?: string;
    readonly replay: boolean;
    readonly graded: ReadonlyMap<string, string>;
    readonly seed: number;
    readonly resume: string;
  };

/** A command that runs arms on cases, `folder` of which keeps its work where nothing else is said. */
export const withArms = (command: Command, folder: string): Command =>
  withReport(
    withClones(command)
      .option("--plan", "show what would be asked, and end", false)
      .option(
        "--arm <names>",
        "only these arms; needed for arms that differ by what the endpoints serve",
        commas,
      )
      .option("--replies <dir>", "recorded answers, CASE.json for each case, instead of endpoints")
      .option("--replay", "answer from the stored transcripts, and judge them anew", false)
      .option("--graded <arm=report>", "the harness's report on an arm's predictions", gradedBy, new Map())
      .option("--seed <n>", "of the bootstrap", seedOf, 1)
      .option(
        "--resume <dir>",
        "folder that keeps answers, executions and results; a later run goes on from it",
        folder,
      ),
  );

function gradedBy(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, arm, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (arm === undefined || file === undefined) throw new InvalidArgumentError("It is no ARM=REPORT.");
  return new Map([...before, [arm, file]]);
}
