import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { RepairError } from "../../domain/errors.ts";
import { readCase, type Case } from "../suite/case.ts";

/** The cases of a folder by name, or those that are named. Throws `usage` or, for a file that is no case, `evaluation-invalid`. */
export async function readCases(folder: string, only: readonly string[] | null): Promise<readonly Case[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RepairError("usage", `${folder} is no folder of cases: ${detail}`, { cause: error });
  });
  const ids = names
    .flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []))
    .sort();
  const unknown = (only ?? []).filter((id) => !ids.includes(id));
  if (unknown.length > 0) throw new RepairError("usage", `${folder} has no case ${unknown.join(", ")}`);
  const wanted = only === null ? ids : ids.filter((id) => only.includes(id));
  if (wanted.length === 0) throw new RepairError("usage", `${folder} holds no case`);
  return Promise.all(
    wanted.map(async (id) => {
      const file = join(folder, `${id}.json`);
      return readCase(await readFile(file, "utf8"), file);
    }),
  );
}
