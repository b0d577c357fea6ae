import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { RepairError } from "../../domain/errors.ts";
import { CaseLeaders } from "../calibration/case-leaders.ts";
import { readJson, refusal } from "../suite/read-json.ts";
import { writeWhole } from "./write-whole.ts";

const fileOf = (work: string, instance: string): string => join(work, instance, "leaders.json");

/** Keeps a case's leaders beside its executions. */
export const keepLeaders = (work: string, leaders: CaseLeaders): Promise<void> =>
  writeWhole(fileOf(work, leaders.instance), `${JSON.stringify(leaders)}\n`);

/**
 * The leaders of all cases below the folders, by instance. Throws `usage` for a folder that holds none, and
 * `evaluation-invalid` for a file that is none of ours or a case that is there twice.
 */
export async function readLeaders(folders: readonly string[]): Promise<readonly CaseLeaders[]> {
  const found = (await Promise.all(folders.map(leadersIn))).flat();
  const ids = found.map(({ instance }) => instance);
  const twice = ids.find((id, place) => ids.indexOf(id) !== place);
  if (twice !== undefined) throw refusal(folders.join(", "), [`case ${twice} is there twice`]);
  return found.toSorted((a, b) => (a.instance < b.instance ? -1 : 1));
}

async function leadersIn(folder: string): Promise<readonly CaseLeaders[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new RepairError("usage", `${folder} cannot be read; \`eval selection\` keeps its work there`, {
      cause: error,
    });
  });
  const read = await Promise.all(
    names.map(async (name) => {
      const file = fileOf(folder, name);
      const text = await readFile(file, "utf8").catch(() => null);
      return text === null ? [] : [readJson(CaseLeaders, text, file)];
    }),
  );
  const leaders = read.flat();
  if (leaders.length === 0)
    throw new RepairError("usage", `${folder} holds no finished case; run \`eval selection --resume\` first`);
  return leaders;
}
