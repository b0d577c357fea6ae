import { expect, test } from "vitest";
import { treeChanges } from "../../src/pipeline/tree-changes.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";
import type { TreeFile } from "../fixtures/make-repository.ts";

type Files = Readonly<Record<string, TreeFile>>;
const between = (base: Files, head: Files) => treeChanges(memoryCheckout(base), memoryCheckout(head));

test("files that are new, changed or gone are told whole, and others not", async () => {
  const found = await between({ a: "1", b: "2", same: "0" }, { a: "1\n", c: "3", same: "0" });

  expect(found).toEqual({
    kind: "changes",
    changes: [
      { path: "a", before: "1", after: "1\n" },
      { path: "b", before: "2", after: null },
      { path: "c", before: null, after: "3" },
    ],
  });
});

test("a change of modes alone is none", async () => {
  expect(await between({ a: "1" }, { a: { executable: "1" } })).toEqual({
    kind: "unfit",
    why: "it changes no file",
  });
});

test.each<[string, Files, string]>([
  ["a symbolic link", { a: { link: "/etc/passwd" } }, "it changes the symlink a"],
  ["a submodule", { a: { submodule: "f".repeat(40) } }, "it changes the submodule a"],
  ["bytes that are no text", { a: new Uint8Array([0xff, 0xfe, 0x41]) }, "it changes a, which is no text"],
  [
    "too many files",
    Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`f${at}`, "x"])),
    "it changes 400 files, and 300 is the limit",
  ],
])("%s cannot be laid over a copy", async (_, head, why) => {
  expect(await between({}, head)).toEqual({ kind: "unfit", why });
});
