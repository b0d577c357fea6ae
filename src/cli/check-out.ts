import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { RepairError } from "../domain/errors.ts";

/** Throws `usage` when `--out` names a place where nothing can be written, before hours are spent on the result. */
export async function checkOut(folder: string): Promise<void> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const found = await stat(place).catch(() => null);
    if (found === null && place !== dirname(place)) continue;
    const writable = await access(place, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (found?.isDirectory() === true && writable) return;
    throw new RepairError("usage", `--out: ${place} is no folder that can be written to`);
  }
}
