import { Command, CommanderError } from "commander";
import { configCommand } from "./cli/config.ts";
import { dataCommand } from "./cli/data.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { envCommand } from "./cli/env.ts";
import { repairCommand } from "./cli/repair.ts";
import { storeCommand } from "./cli/store.ts";
import { asRepairError, RepairError } from "./domain/errors.ts";
import { withVisibleHidden } from "./domain/visible-text.ts";
import { buildFailureOf, buildFailureText } from "./report/environment-check.ts";

const program = new Command("copatcher")
  .description("Fixes issues with three small specialised models and shows executed evidence.")
  .addCommand(repairCommand())
  .addCommand(envCommand())
  .addCommand(configCommand())
  .addCommand(doctorCommand())
  .addCommand(dataCommand())
  .addCommand(storeCommand())
  .configureHelp({ sortSubcommands: true })
  .exitOverride();
for (const command of program.commands) {
  command.exitOverride();
  for (const below of command.commands) below.exitOverride();
}

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
    process.stderr.write(`${withVisibleHidden(known.message)}\n${buildFailureText(known)}${known.help}\n`);
    process.exitCode = known.code === "usage" ? 2 : 1;
  }
}

function reportAsData(error: RepairError): void {
  const { code, message, help } = error;
  const build = buildFailureOf(error);
  const data = { code, message, help, ...(build === null ? {} : { build }) };
  if (process.argv.includes("--json")) console.log(JSON.stringify({ error: data }));
}
