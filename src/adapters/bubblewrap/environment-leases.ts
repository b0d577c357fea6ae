import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fateOf } from "../../driver/process-identity.ts";

/** How long a process that cannot be looked up from here is believed to need what it took, in milliseconds. */
export const unknownFor = 24 * 60 * 60_000;

/** Who uses which of the folders in one place, over processes: a file beside the folder for each use. */
export type Leases = {
  /** Marks a name as used until the returned function is called, or until `process` has ended. */
  take(name: string): Promise<() => Promise<void>>;
  /** Whether any process that lives, or may live, uses it; removes what ended ones left. */
  held(name: string): Promise<boolean>;
};

/** `process` is this process's identity with anything behind it. */
export function createLeases(root: string, process: string): Leases {
  let taken = 0;
  return {
    async take(name) {
      const file = join(root, `${name}.${process}.${(taken += 1)}.lease`);
      await writeFile(file, "");
      return () => rm(file, { force: true });
    },
    async held(name) {
      const names = await readdir(root).catch(() => []);
      let held = false;
      for (const file of names) {
        if (!file.startsWith(`${name}.`) || !file.endsWith(".lease")) continue;
        if (await isOver(join(root, file), file.slice(name.length)))
          await rm(join(root, file), { force: true });
        else held = true;
      }
      return held;
    },
  };
}

/** Whether what a process made, with its identity in `name`, is nobody's any more. */
export async function isOver(path: string, name: string): Promise<boolean> {
  const fate = fateOf(name);
  if (fate !== "unknown") return fate === "gone";
  const found = await stat(path).catch(() => null);
  return found === null || Date.now() - found.mtimeMs > unknownFor;
}
