import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RepairError } from "../../domain/errors.ts";

/** Writes a file that has its name only once all of it is there. Throws RepairError `usage` when it cannot be written. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const partial = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(partial, text);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    const detail = error instanceof Error ? error.message : String(error);
    throw new RepairError("usage", `${file} cannot be written: ${detail}`, { cause: error });
  }
}
