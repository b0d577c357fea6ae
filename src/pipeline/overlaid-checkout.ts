import { sha256 } from "../domain/canonical-json.ts";
import type { FileChange } from "../domain/edit.ts";
import type { Checkout, TreeEntry } from "../ports/workspace.ts";

/** A commit as it reads with the changes laid over it; its archive stays the commit's own. */
export function overlaidCheckout(checkout: Checkout, changes: readonly FileChange[]): Checkout {
  const laid = new Map(changes.map(({ path, after }) => [path, after]));
  return {
    ...checkout,
    async entries() {
      const kept = (await checkout.entries()).filter(({ path }) => !laid.has(path));
      const added = [...laid].flatMap(([path, text]) => (text === null ? [] : [entryOf(path, text)]));
      return [...kept, ...added].sort((one, other) => (one.path < other.path ? -1 : 1));
    },
    async read(path) {
      const text = laid.get(path);
      if (text === undefined) return checkout.read(path);
      return text === null ? null : new TextEncoder().encode(text);
    },
    async search(texts) {
      const kept = (await checkout.search(texts)).filter((path) => !laid.has(path));
      const added = [...laid].flatMap(([path, text]) =>
        texts.some((wanted) => wanted !== "" && text?.includes(wanted) === true) ? [path] : [],
      );
      return [...kept, ...added].sort();
    },
  };
}

const entryOf = (path: string, text: string): TreeEntry => ({
  path,
  kind: "file",
  size: Buffer.byteLength(text),
  blob: sha256(text),
});
