import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RepairError } from "../../domain/errors.ts";
import { readOthers, readTable, type OtherTable, type Table } from "../reproduce/table.ts";

const directory = fileURLToPath(new URL("../reproduce/", import.meta.url));

/** The papers' tables: those that can be run, and those that need what is not here. */
export async function readTables(): Promise<{
  readonly tables: readonly Table[];
  readonly others: readonly OtherTable[];
}> {
  const folder = join(directory, "tables");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const othersFile = join(directory, "others.json");
  const [tables, others] = await Promise.all([
    Promise.all(
      names.map(async (name) => readTable(await readFile(join(folder, name), "utf8"), join(folder, name))),
    ),
    readFile(othersFile, "utf8").then((text) => readOthers(text, othersFile)),
  ]);
  return { tables, others };
}

/** One of them that can be run. Throws `usage`, with what it needs where that is known. */
export async function findTable(id: string): Promise<Table> {
  const { tables, others } = await readTables();
  const table = tables.find((one) => one.id === id);
  if (table !== undefined) return table;
  const other = others.find((one) => one.id === id);
  if (other !== undefined) throw new RepairError("usage", `${id} cannot be run. It needs: ${other.needs}`);
  throw new RepairError("usage", `there is no table ${id}; --list names them`);
}
