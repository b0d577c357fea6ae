import { RepairError } from "../domain/errors.ts";

/**
 * What a file operation of the bot itself threw (a full disk, a folder that cannot be written), as RepairError
 * `store-unavailable`; every other error as it is. `folder` names the folder for people.
 */
export function asFolderFault(error: unknown, folder: string): unknown {
  if (error instanceof RepairError || !(error instanceof Error)) return error;
  // calls to an engine name an address instead of a path, and programs that do not start are no file operation
  if (!("path" in error) || !("syscall" in error) || String(error.syscall).startsWith("spawn")) return error;
  return new RepairError("store-unavailable", `${folder} cannot be used: ${error.message}`, { cause: error });
}
