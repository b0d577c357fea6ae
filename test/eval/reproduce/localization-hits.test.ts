import { expect, test } from "vitest";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { localizationHits } from "../../../src/eval/reproduce/localization-hits.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

const path = "calc/core.py";
const before = "def add(a, b):\n    return a - b\n\n\ndef half(a):\n    return a / 3\n";
const fix = unifiedDiff([
  { path, before, after: before.replace("a - b", "a + b").replace("a / 3", "a / 2") },
]);
const where = { language: await createPython(), checkout: memoryCheckout({ [path]: before }) };
const named = (first: number, last: number) => ({ path, range: { first, last }, votes: 1 });

test("says whether the files, functions and lines that the fix changes were named", async () => {
  const files = [{ path, votes: 2 }];

  const [all, some] = [
    await localizationHits(where, fix, { files, locations: [named(1, 6)] }),
    await localizationHits(where, fix, { files, locations: [named(1, 1)] }),
  ];

  expect(all).toMatchObject({
    files: { complete: true },
    functions: { complete: true },
    lines: { complete: true },
  });
  expect(some).toMatchObject({ functions: { any: true, recall: 0.5 }, lines: { any: false } });
});

test("a fix that only adds files has nothing that could have been named", async () => {
  const added = "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x = 1\n";

  expect(await localizationHits(where, added, { files: [], locations: [] })).toEqual({
    files: null,
    functions: null,
    lines: null,
  });
});
