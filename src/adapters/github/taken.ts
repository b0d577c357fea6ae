import { RepairError } from "../../domain/errors.ts";

/** Keeps a creation from being sent: another process is at it, or was faster. Looking again tells which. */
export const taken = (): RepairError =>
  new RepairError("forge-unavailable", "Another process writes it in this moment.", {
    data: { taken: true },
  });

export const isTaken = (error: unknown): boolean =>
  error instanceof RepairError && error.data["taken"] === true;
