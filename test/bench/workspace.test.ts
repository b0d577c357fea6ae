import { expect, test } from "vitest";
import { readOutlines, type Outline } from "../../bench/workspace/outlines.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

test("of the next commit only the blobs that the first lacks are read", async () => {
  const python = await createPython();
  const parsed: string[] = [];
  const language = {
    ...python,
    structure: (text: string) => {
      parsed.push(text);
      return python.structure(text);
    },
  };
  const known = new Map<string, Outline>();
  const [same, before, after] = ["def f():\n    return 1\n", "a = 1\n", "a = 2\n"];

  const first = memoryCheckout({ "a.py": same, "b.py": before, "notes.txt": "none" });
  const second = memoryCheckout({ "moved/a.py": same, "b.py": after });
  await readOutlines(first, language, known);
  const outlines = await readOutlines(second, language, known);

  expect(parsed).toEqual([same, before, after]);
  expect([...outlines].map(([path, { skeleton }]) => [path, skeleton])).toEqual([
    ["b.py", after],
    ["moved/a.py", "def f():\n    ...\n"],
  ]);
});
