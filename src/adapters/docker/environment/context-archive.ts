import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, pack } from "tar-stream";

/** Outside of the context, a Dockerfile goes in under a name that no tree has. */
const elsewhere = ".copatcher-dockerfile";

export type BuildContext = { readonly archive: NodeJS.ReadableStream; readonly dockerfile: string };

/** The part of a tree's tar that lies below the context, from there on; null when the Dockerfile is not in the tree. */
export async function contextArchive(
  tree: Readable,
  base: { readonly path: string; readonly context: string },
): Promise<BuildContext | null> {
  const root = base.context === "." || base.context === "" ? "" : `${base.context}/`;
  const inside = base.path.startsWith(root);
  const archive = pack();
  let found = false;
  const reading = extract();
  tree.on("error", (error) => reading.destroy(error));
  tree.pipe(reading);
  for await (const entry of reading) {
    const name = entry.header.name.replace(/^\.\//, "");
    const content = entry.header.type === "file" ? await buffer(entry) : Buffer.alloc(0);
    if (entry.header.type !== "file") entry.resume();
    if (name === base.path && entry.header.type === "file") {
      found = true;
      if (!inside) archive.entry({ name: elsewhere, mode: 0o644 }, content);
    }
    if (!name.startsWith(root) || name === root || name === "") continue;
    const { type, mode, linkname, mtime } = entry.header;
    const header = { name: name.slice(root.length), mode, ...(mtime === undefined ? {} : { mtime }) };
    if (type === "file") archive.entry(header, content);
    else if (type === "directory") archive.entry({ ...header, type });
    else if (type === "symlink") archive.entry({ ...header, type, linkname: linkname ?? "" });
  }
  archive.finalize();
  if (!found) return null;
  const dockerfile = inside ? base.path.slice(root.length) : elsewhere;
  return { archive: Readable.from([await buffer(archive)]), dockerfile };
}
