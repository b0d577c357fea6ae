import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { parseEdits } from "../../../src/domain/parse-edits.ts";
import { applyEdits } from "../../../src/domain/apply-edits.ts";
import { patchAsAnswer } from "../../../src/eval/selection/patch-answer.ts";
import { createSourceReader } from "../../../src/pipeline/source-files.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

const numbered = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join("");
const repeated = "start\n" + "a\nb\nc\nd\n".repeat(4) + "end\n";
const files = { "a.py": numbered, "b.py": repeated, "empty.py": "" };
const read = createSourceReader(memoryCheckout(files));

const diffOf = (path: string, before: string | null, after: string | null): string =>
  unifiedDiff([{ path, before, after }]);

/** The file after the answer was read as a model's. */
async function appliedTo(path: keyof typeof files | "new.py", patch: string): Promise<string | null> {
  const answer = await patchAsAnswer(patch, read);
  if (answer.kind === "untellable") throw new Error(answer.why);
  const parsed = parseEdits(answer.text);
  if (!parsed.ok) throw new Error(parsed.rejection.detail);
  const applied = applyEdits(parsed.edits, (name) =>
    name === "new.py" ? null : { text: files[name as keyof typeof files] },
  );
  if (!applied.ok) throw new Error(applied.rejection.detail);
  return applied.changes.find((change) => change.path === path)?.after ?? null;
}

describe("a diff told as edits", () => {
  test.each([
    ["changes two places", "a.py", numbered.replace("line 3\n", "three\n").replace("line 30\n", "")],
    ["changes a place whose text occurs four times", "b.py", repeated.replace(/(c\nd\na\nb\nc\n)d/, "$1x")],
    ["adds at the end", "a.py", `${numbered}more\n`],
    ["adds a heading that looks like a divider", "a.py", numbered.replace("line 5\n", "line 5\n=====\n")],
    ["empties a file but for a line", "a.py", "line 7\n"],
  ] as const)("%s and leaves the same file", async (_, path, after) => {
    expect(await appliedTo(path, diffOf(path, files[path], after))).toBe(after);
  });

  test("makes a new file", async () => {
    expect(await appliedTo("new.py", diffOf("new.py", null, "x = 1\n"))).toBe("x = 1\n");
  });

  test("is read without the blanks of empty context lines and with wrong counts", async () => {
    const after = numbered.replace("line 3\n", "three\n");
    const patch = diffOf("a.py", numbered, after).replace("-1,7 +1,7", "-1,9 +1,8");

    expect(patch).toContain("+1,8");
    expect(await appliedTo("a.py", patch)).toBe(after);
  });

  test("leaves the last line's end as it is", async () => {
    const patch = diffOf("a.py", numbered, `${numbered.slice(0, -1)}!`);

    expect(await appliedTo("a.py", patch)).toBe(`${numbered.slice(0, -1)}!\n`);
  });
});

test.each([
  ["nothing at all", "", /holds no diff/],
  ["prose", "I would change a.py.", /holds no diff/],
  ["a deletion", diffOf("a.py", numbered, null), /deletes a file/],
  ["another base", diffOf("a.py", "other\n", "text\n"), /does not apply/],
  ["a file that is not there", diffOf("gone.py", "other\n", "text\n"), /no text file/],
  ["a renaming", diffOf("a.py", numbered, "x\n").replace("+++ b/a.py", "+++ b/z.py"), /renames/],
  ["a mode", "diff --git a/a.py b/a.py\nold mode 100644\nnew mode 100755\n", /no text|no diff/],
])("%s cannot be told, and it says why", async (_, patch, why) => {
  expect(await patchAsAnswer(patch, read)).toEqual({ kind: "untellable", why: expect.stringMatching(why) });
});
