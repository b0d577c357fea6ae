import type { ExecutionOutcome } from "../domain/execution.ts";

/** Whether the process was ended by a signal, as shells tell it: a crash of the interpreter, or an abort. */
export const killedBySignal = (outcome: ExecutionOutcome): boolean =>
  outcome.kind === "exited" && outcome.exitCode > 128;
