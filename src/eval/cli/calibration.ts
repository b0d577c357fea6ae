import { Command, InvalidArgumentError } from "commander";
import { RepairError } from "../../domain/errors.ts";
import { clock } from "../../wire/base.ts";
import { calibrate } from "../calibration/calibrate.ts";
import { fittedModule } from "../calibration/fitted-module.ts";
import { calibrationReport } from "../report/calibration-report.ts";
import { outcomesArms } from "../report/outcomes-arms.ts";
import type { Report } from "../report/report.ts";
import { readLeaders } from "./leaders-file.ts";
import { readPullRequests } from "./outcomes-file.ts";
import { seedOf } from "./read-number.ts";
import { tellReport, withReport, type ReportOptions } from "./report-options.ts";
import { writeWhole } from "./write-whole.ts";

type Options = ReportOptions & {
  readonly precision: number;
  readonly seed: number;
  readonly outcomes: readonly string[];
  readonly out?: string;
};

/** `eval calibration`: from what `selection` found, how probable it is that a proposed patch is right. */
export const calibrationCommand = (): Command =>
  withReport(
    new Command("calibration")
      .description(
        "fit the probability that a proposed patch is right, and check it on cases that were left out",
      )
      .argument("<dir...>", "folders that `selection` kept its work in")
      .option("--precision <share>", "that ready pull requests shall have", precisionOf, 0.9)
      .option("--seed <n>", "of the bootstrap", seedOf, 1)
      .option(
        "--outcomes <file>",
        "of `copatcher data export --repository`, once for each: what became of its pull requests, and how far that moves the fit for it",
        (file: string, before: readonly string[]) => [...before, file],
        [],
      )
      .option(
        "--out <file>",
        "write what the pipeline reads, to be reviewed: src/domain/calibration/fitted.ts",
      ),
  ).action(run);

async function run(folders: readonly string[], options: Options): Promise<void> {
  const { precision, seed, outcomes, out } = options;
  const cases = await readLeaders(folders);
  if (cases.length < 2)
    throw new RepairError(
      "usage",
      "one case cannot be checked by what was fitted on others; name more folders",
    );
  const calibrated = calibrate(cases, precision);
  const pulls = (await Promise.all(outcomes.map(readPullRequests))).flat();
  const told = outcomesArms(pulls, calibrated.calibration, clock.now());
  const report = withOutcomes(calibrationReport(cases, calibrated, seed), told);
  if (out !== undefined) await writeWhole(out, fittedModule(calibrated.calibration));
  await tellReport(report, options, { calibration: calibrated.calibration });
}

const withOutcomes = (report: Report, { arms, leftOut }: Pick<Report, "arms" | "leftOut">): Report => ({
  ...report,
  arms: [...report.arms, ...arms],
  leftOut: [...report.leftOut, ...leftOut],
});

function precisionOf(text: string): number {
  const share = Number(text);
  if (!(share >= 0.5 && share <= 0.99)) throw new InvalidArgumentError("It is no share from 0.5 to 0.99.");
  return share;
}
