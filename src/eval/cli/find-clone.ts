import { stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the clone of `OWNER/NAME` lies below `folder`, in any of the places that the cases' README names; null in none. */
export async function findClone(folder: string, repository: string): Promise<string | null> {
  const [owner = "", name = ""] = repository.split("/");
  for (const place of [`${owner}+${name}/repo`, `${owner}+${name}`, `${owner}__${name}`, name]) {
    const directory = join(folder, place);
    const found = await stat(directory).catch(() => null);
    if (found?.isDirectory() === true) return directory;
  }
  return null;
}
