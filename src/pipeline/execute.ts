import { z } from "zod";
import { ExecutionOutcome } from "../domain/execution.ts";
import type { SandboxCommand, SandboxJob } from "../ports/sandbox.ts";
import { recordExecution } from "./record-execution.ts";
import { sharedStep } from "./shared-step.ts";
import type { StageContext } from "./stage-context.ts";

const Outcomes = z.array(ExecutionOutcome);

/**
 * A durable sandbox job: its outcomes are journaled, so a resumed run does not execute it again, unless another sandbox
 * or image would execute it now.
 */
export async function execute(context: StageContext, job: SandboxJob): Promise<readonly ExecutionOutcome[]> {
  const { isolation, environment, checkout } = context;
  const { activate } = environment;
  const commands = job.commands.map((command) => ({ ...command, script: activate + command.script }));
  // a layer bears another name in each process; it follows from the environment and from the files that are executed
  const layer = job.environment === undefined ? {} : { layered: true };
  const where = { base: checkout.baseSha, isolation, image: environment.reference, ...layer };
  const inputs = { ...where, files: job.files, commands };
  const work = async () => [
    ...(await context.sandbox.run({ ...job, commands, ...orderOf(context) }, context.signal)),
  ];
  const outcomes = await sharedStep(context.signal, () =>
    context.journal.step(`execute/${job.label}`, inputs, Outcomes, work),
  );
  await recordExecution(context, { ...job, commands }, outcomes);
  return outcomes;
}

const orderOf = ({ turn, spareUntil }: StageContext): Pick<SandboxJob, "turn" | "spareUntil"> => ({
  ...(turn === undefined ? {} : { turn }),
  ...(spareUntil === undefined ? {} : { spareUntil }),
});

/** A durable job of one command: its one outcome. */
export async function executeOne(
  context: StageContext,
  job: Omit<SandboxJob, "commands"> & { readonly command: SandboxCommand },
): Promise<ExecutionOutcome> {
  const { command, ...rest } = job;
  const [outcome] = await execute(context, { ...rest, commands: [command] });
  return outcome ?? notRun;
}

/** What stands for an outcome that the sandbox owed. */
export const notRun: ExecutionOutcome = { kind: "not-started", reason: "the sandbox returned no outcome" };
