import { Command, CommanderError } from "commander";
import { asRepairError, RepairError } from "./domain/errors.ts";
import { withVisibleHidden } from "./domain/visible-text.ts";
import { buildFailureOf, buildFailureText } from "./report/environment-check.ts";

/** Loaded when they are asked for: the adapters behind some of them bring libraries that take a second to load. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["repair", async () => (await import("./cli/repair.ts")).repairCommand()],
  ["env", async () => (await import("./cli/env.ts")).envCommand()],
  ["config", async () => (await import("./cli/config.ts")).configCommand()],
  ["doctor", async () => (await import("./cli/doctor.ts")).doctorCommand()],
  ["data", async () => (await import("./cli/data.ts")).dataCommand()],
  ["store", async () => (await import("./cli/store.ts")).storeCommand()],
]);
const asked = commands.get(process.argv[2] ?? "");

const program = new Command("copatcher")
  .description("Fixes issues with three small specialised models and shows executed evidence.")
  .configureHelp({ sortSubcommands: true })
  .exitOverride();
for (const load of asked === undefined ? commands.values() : [asked]) program.addCommand(await load());
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
