import { RepairError } from "../domain/errors.ts";
import { checkRepoPath } from "../domain/repo-path.ts";
import type { Checkout } from "../ports/workspace.ts";

/**
 * Text of a regular file of the commit. Throws `settings-invalid` when `path`, which `named` (a key or a file) asks for,
 * leaves the repository, is a symbolic link, lies below one or does not exist.
 */
export async function readRepoFile(checkout: Checkout, path: string, named: string): Promise<string> {
  const checked = checkRepoPath(path);
  if (!checked.ok) throw wrongPath(path, named, checked.why);
  const entry = (await checkout.entries()).find((one) => one.path === path);
  if (entry?.kind === "symlink") throw wrongPath(path, named, "it is a symbolic link");
  const bytes = await checkout.read(path);
  if (bytes === null) throw wrongPath(path, named, "the repository has no such file");
  return new TextDecoder().decode(bytes);
}

const wrongPath = (path: string, named: string, why: string): RepairError =>
  new RepairError(
    "settings-invalid",
    `${named} cannot use the path ${JSON.stringify(path.slice(0, 200))}: ${why}`,
  );
