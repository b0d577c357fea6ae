import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract, pack, type Pack } from "tar-stream";
import { expect, test } from "vitest";
import { contextArchive } from "../../../src/adapters/docker/environment/context-archive.ts";

const mb = 2 ** 20;

/** A tree's tar that comes into being as it is read; counts what was read of it. */
function tree(files: Readonly<Record<string, number>>) {
  const seen = { bytes: 0 };
  function* content(name: string, size: number) {
    for (let left = size; left > 0; left -= mb) {
      seen.bytes += mb;
      yield Buffer.alloc(Math.min(mb, left), name);
    }
  }
  const write = async (archive: Pack) => {
    for (const [name, size] of Object.entries(files)) {
      await pipeline(Readable.from(content(name, size)), archive.entry({ name, size }));
    }
    archive.finalize();
  };
  const open = () => {
    const archive = pack();
    // one that is not read to its end is broken off
    write(archive).catch(() => undefined);
    return Readable.from(archive);
  };
  return { open, seen };
}

async function namesOf(archive: NodeJS.ReadableStream): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  const reading = archive.pipe(extract());
  for await (const entry of reading) {
    let size = 0;
    for await (const chunk of entry) size += (chunk as Buffer).length;
    found[entry.header.name] = size;
  }
  return found;
}

const base = (path: string, context: string) => ({ path, context });

test.each([
  [
    "of the whole tree",
    base("Dockerfile", "."),
    "Dockerfile",
    { Dockerfile: 5, "app/Dockerfile": 6, "app/a": 3 },
  ],
  ["of a folder", base("app/Dockerfile", "app"), "Dockerfile", { Dockerfile: 6, a: 3 }],
  [
    "with a Dockerfile from elsewhere",
    base("Dockerfile", "app"),
    ".copatcher-dockerfile",
    { ".copatcher-dockerfile": 5, Dockerfile: 6, a: 3 },
  ],
])("makes a context %s", async (_, wanted, dockerfile, files) => {
  const { open } = tree({ Dockerfile: 5, "app/Dockerfile": 6, "app/a": 3 });

  const context = await contextArchive(open, wanted);

  expect(context?.dockerfile).toBe(dockerfile);
  expect(await namesOf(context?.archive ?? Readable.from([]))).toEqual(files);
});

test("makes none when the tree has no such Dockerfile", async () => {
  expect(await contextArchive(tree({ "app/a": 3 }).open, base("Dockerfile", "."))).toBeNull();
});

test("reads a large tree only as fast as the engine takes it", async () => {
  const { open, seen } = tree({ Dockerfile: 5, "data.bin": 64 * mb, "more.bin": 64 * mb });
  const context = await contextArchive(open, base("Dockerfile", "."));
  seen.bytes = 0;

  for await (const chunk of context?.archive ?? []) if (chunk.length > 0) break;

  expect(seen.bytes).toBeLessThan(70 * mb);
});

test("fails when the tree cannot be read to its end", async () => {
  const { open } = tree({ Dockerfile: 5 });
  let reads = 0;
  const broken = () => {
    reads += 1;
    if (reads === 1) return open();
    return Readable.from(
      (async function* () {
        yield Buffer.alloc(0);
        await Promise.resolve();
        throw new Error("the disk is gone");
      })(),
    );
  };
  const context = await contextArchive(broken, base("Dockerfile", "."));

  await expect(buffer(context?.archive ?? Readable.from([]))).rejects.toThrow("the disk is gone");
});
