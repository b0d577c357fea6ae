import { Command, CommanderError } from "commander";
import { doctorCommand } from "./cli/doctor.ts";
import { repairCommand } from "./cli/repair.ts";
import { asRepairError, RepairError } from "./domain/errors.ts";

const program = new Command("copatcher")
  .description("Fixes issues with three small specialised models and shows executed evidence.")
  .addCommand(repairCommand())
  .addCommand(doctorCommand())
  .configureHelp({ sortSubcommands: true })
  .exitOverride();
program.commands.forEach((command) => command.exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has written its message already.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (error.exitCode !== 0) reportAsData(new RepairError("usage", error.message));
  } else {
    const known = asRepairError(error);
    reportAsData(known);
    process.stderr.write(`${known.message}\n${known.help}\n`);
    process.exitCode = known.code === "usage" ? 2 : 1;
  }
}

function reportAsData({ code, message, help }: RepairError): void {
  if (process.argv.includes("--json")) console.log(JSON.stringify({ error: { code, message, help } }));
}
