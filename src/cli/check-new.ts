import { stat } from "node:fs/promises";
import { RepairError } from "../domain/errors.ts";

/** Throws RepairError `usage` when something is there already: it might be the only copy. */
export async function checkNew(file: string): Promise<void> {
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (there) throw new RepairError("usage", `${file} is there already; give the name of a new file.`);
}
