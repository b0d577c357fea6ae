import { Command, CommanderError } from "commander";
import { asRepairError, RepairError } from "../domain/errors.ts";
import { withVisibleHidden } from "../domain/visible-text.ts";
import { calibrationCommand } from "./cli/calibration.ts";
import { compareCommand } from "./cli/compare.ts";
import { curveCommand } from "./cli/curve.ts";
import { labelsCommand } from "./cli/labels.ts";
import { powerCommand } from "./cli/power.ts";
import { predictionsCommand } from "./cli/predictions.ts";
import { reportInCommand } from "./cli/report-in.ts";
import { reproduceCommand } from "./cli/reproduce.ts";
import { runCommand } from "./cli/run.ts";
import { selectionCommand } from "./cli/selection.ts";

const program = new Command("eval")
  .description("measures the method on cases whose answer is known")
  .addCommand(selectionCommand())
  .addCommand(calibrationCommand())
  .addCommand(predictionsCommand())
  .addCommand(reportInCommand())
  .addCommand(compareCommand())
  .addCommand(runCommand())
  .addCommand(reproduceCommand())
  .addCommand(curveCommand())
  .addCommand(powerCommand())
  .addCommand(labelsCommand())
  .exitOverride();
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  const ofUsage = error instanceof CommanderError;
  if (ofUsage && error.exitCode === 0) process.exitCode = 0;
  else fail(ofUsage ? new RepairError("usage", error.message) : asRepairError(error), ofUsage);
}

/** Tells why, as the other commands do: as data with `--json`, and for people unless commander has said it already. */
function fail(error: RepairError, said: boolean): void {
  const { code, message } = error;
  const help = code === "cancelled" ? "What was executed is kept: start it again to go on." : error.help;
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ error: { code, message, help } })}\n`);
  if (!said) process.stderr.write(`${withVisibleHidden(message)}\n${help}\n`);
  process.exitCode = code === "usage" ? 2 : 1;
}
