import type { FileChange } from "../domain/edit.ts";
import type { Checkout, TreeEntry } from "../ports/workspace.ts";
import { createSourceReader } from "./source-files.ts";

/** What lies between two commits, or why it cannot be laid over a copy of the first: untrusted words for people. */
export type TreeChanges =
  | { readonly kind: "changes"; readonly changes: readonly FileChange[] }
  | { readonly kind: "unfit"; readonly why: string };

const mostFiles = 300;
const mostBytes = 10 * 2 ** 20;

const unfit = (why: string): TreeChanges => ({ kind: "unfit", why });

/** The files in which `head` differs from `base`, whole, sorted by path; a change of modes alone is none. */
export async function treeChanges(base: Checkout, head: Checkout): Promise<TreeChanges> {
  const [before, after] = [await entriesOf(base), await entriesOf(head)];
  const paths = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path)?.blob !== after.get(path)?.blob)
    .toSorted();
  if (paths.length === 0) return unfit("it changes no file");
  if (paths.length > mostFiles)
    return unfit(`it changes ${paths.length} files, and ${mostFiles} is the limit`);

  const touched = paths.flatMap((path) => [before.get(path) ?? [], after.get(path) ?? []].flat());
  const odd = touched.find(({ kind }) => kind === "symlink" || kind === "submodule");
  if (odd !== undefined) return unfit(`it changes the ${odd.kind} ${odd.path}`);
  if (touched.reduce((sum, { size }) => sum + size, 0) > mostBytes)
    return unfit("the files that it changes are too large");

  const [readBefore, readAfter] = [createSourceReader(base), createSourceReader(head)];
  const changes: FileChange[] = [];
  for (const path of paths) {
    const [old, now] = [await readBefore(path), await readAfter(path)];
    const binary = [old, now].some((text) => "missing" in text && text.missing === "not-text");
    if (binary) return unfit(`it changes ${path}, which is no text`);
    const textOf = (text: typeof old): string | null => ("text" in text ? text.text : null);
    changes.push({ path, before: textOf(old), after: textOf(now) });
  }
  return { kind: "changes", changes };
}

const entriesOf = async (checkout: Checkout): Promise<ReadonlyMap<string, TreeEntry>> =>
  new Map((await checkout.entries()).map((entry) => [entry.path, entry]));
