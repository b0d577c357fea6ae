import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, pack, type Extract, type Header, type Pack } from "tar-stream";

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** Outside of the context, a Dockerfile goes in under a name that no tree has. */
const elsewhere = ".copatcher-dockerfile";

/** The archive has to be destroyed when it is not read to its end. */
export type BuildContext = { readonly archive: Readable; readonly dockerfile: string };

type Wanted = { readonly path: string; readonly context: string };

/**
 * The part of a tree's tar that lies below the context, from there on; null when the Dockerfile is not in the tree. The
 * tar is read twice: for the Dockerfile, and while the archive is read.
 */
export async function contextArchive(openTree: () => Readable, wanted: Wanted): Promise<BuildContext | null> {
  const root = wanted.context === "." || wanted.context === "" ? "" : `${wanted.context}/`;
  const inside = wanted.path.startsWith(root);
  if (!(await holds(openTree(), wanted.path))) return null;
  const archive = pack();
  const names = (name: string): string | null => {
    if (!inside && name === wanted.path) return elsewhere;
    return name.startsWith(root) && name !== root && name !== "" ? name.slice(root.length) : null;
  };
  copy(openTree(), archive, names).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    archive: Readable.from(archive),
    dockerfile: inside ? wanted.path.slice(root.length) : elsewhere,
  };
}

const plainName = ({ name }: Header): string => name.replace(/^\.\//, "");

async function holds(tree: Readable, path: string): Promise<boolean> {
  for await (const entry of entriesOf(tree)) {
    entry.resume();
    if (entry.header.type === "file" && plainName(entry.header) === path) return true;
  }
  return false;
}

/** The tree is read as fast as the archive is. */
async function copy(tree: Readable, archive: Pack, names: (name: string) => string | null): Promise<void> {
  for await (const entry of entriesOf(tree)) {
    const { type, mode, mtime, linkname, size } = entry.header;
    const name = names(plainName(entry.header));
    const header = { name: name ?? "", mode, ...(mtime === undefined ? {} : { mtime }) };
    if (name !== null && type === "file") {
      await pipeline(entry, archive.entry({ ...header, size }));
      continue;
    }
    entry.resume();
    if (name === null) continue;
    if (type === "directory") archive.entry({ ...header, type });
    else if (type === "symlink") archive.entry({ ...header, type, linkname: linkname ?? "" });
  }
  archive.finalize();
}

async function* entriesOf(tree: Readable): AsyncGenerator<Entry> {
  const reading = extract();
  tree.on("error", (error) => reading.destroy(error));
  tree.pipe(reading);
  try {
    for await (const entry of reading) yield entry;
  } finally {
    tree.destroy();
  }
}
