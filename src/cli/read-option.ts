import { readFile } from "node:fs/promises";
import { RepairError } from "../domain/errors.ts";

/** Reads a text file that an option names; the option's name is in the message when it cannot be read. */
export async function readOption(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RepairError("usage", `${option}: cannot read ${file}: ${detail}`, { cause: error });
  }
}
