import { describe, expect, test } from "vitest";
import { applySample } from "../../src/pipeline/apply-sample.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { faultyLine, rightEdit, rightLine, smallProject, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const files = {
  ...smallProject,
  "out.py": { link: "../../../etc/passwd" },
  linked: { link: "/tmp" },
  vendored: { submodule: "0123456789012345678901234567890123456789" },
  "bytes.py": new Uint8Array([0xff, 0xfe, 0x00]),
};

async function resultOf(answer: string, settings: unknown = {}, problem = "add subtracts") {
  const { context } = await makeStage({ files, settings, problem });
  const completion = {
    text: answer,
    reasoning: "",
    finish: "stop" as const,
    model: "m",
    usage: { prompt: 1, completion: 1, estimated: true },
    milliseconds: 1,
  };
  const place = { sample: "generate/0/0", index: 0, refines: null, chat: [], call: "generate/0/0" };
  return applySample(context, createSourceReader(context.checkout), { ...place, completion });
}

test.each([
  ["../outside.py", "unsafe-path"],
  ["calc/../../outside.py", "unsafe-path"],
  ["/etc/cron.d/job", "unsafe-path"],
  ["C:/autoexec.py", "unsafe-path"],
  [".git/hooks/pre-commit", "unsafe-path"],
  ["calc/.GIT/config", "unsafe-path"],
  ["git~1/config", "unsafe-path"],
  [".git\u200D/config", "unsafe-path"],
  ["calc\\..\\..\\outside.py", "unsafe-path"],
  ["out.py", "unsafe-path"],
  ["linked/new.py", "unsafe-path"],
  ["vendored/new.py", "unsafe-path"],
  [".github/workflows/ci.yml", "protected-path"],
  ["tests/test_core.py", "protected-path"],
  ["tests/conftest.py", "protected-path"],
  ["bytes.py", "not-text"],
])("refuses an edit of %j as %s", async (path, reason) => {
  const result = await resultOf(editAnswer(path, "", "import os"));

  expect(result).toMatchObject({ kind: "rejected", rejected: { reason } });
});

test("one unsafe path rejects the whole sample, its good edits too", async () => {
  const result = await resultOf(`${rightEdit}\n${editAnswer("../../evil.py", "", "x = 1")}`);

  expect(result).toMatchObject({ kind: "rejected", rejected: { reason: "unsafe-path" } });
});

describe("a test file in a sample", () => {
  const testEdit = editAnswer("tests/test_core.py", "def test_zero():", "def test_nothing():");

  test("stays as it is, and the rest of the sample counts", async () => {
    expect(await resultOf(`${rightEdit}\n${testEdit}`)).toMatchObject({
      kind: "written",
      written: { changes: [{ path: "calc/core.py" }], restored: ["tests/test_core.py"] },
    });
  });

  test("is edited when the issue names it", async () => {
    const named = await resultOf(testEdit, {}, "`tests/test_core.py` tests nothing");
    const other = await resultOf(testEdit, {}, "see other/tests/test_core.py and tests/test_core.pyx");

    expect(named).toMatchObject({
      kind: "written",
      written: { changes: [{ path: "tests/test_core.py" }], restored: [] },
    });
    expect(other).toMatchObject({ kind: "rejected", rejected: { reason: "protected-path" } });
  });
});

test.each(["json.py", "src/pytest.py", "Unittest/__init__.py", "lib/_pytest/__init__.py", "_json.py"])(
  "the new file %s is refused, because it would be loaded in place of another module",
  async (path) => {
    const result = await resultOf(`${rightEdit}\n${editAnswer(path, "", "x = 1")}`);

    expect(result).toMatchObject({
      rejected: { reason: "protected-path", detail: expect.stringContaining("in place of") },
    });
  },
);

test("a path that the repository's settings protect is refused", async () => {
  const result = await resultOf(rightEdit, { paths: { protect: ["calc/**"] } });

  expect(result).toMatchObject({ kind: "rejected", rejected: { reason: "protected-path" } });
});

test("a patch beyond the settings' size is refused", async () => {
  const many = editAnswer("calc/core.py", faultyLine, `${"    print(a)\n".repeat(500)}${rightLine}`);

  expect(await resultOf(many)).toMatchObject({ rejected: { reason: "too-large" } });
});

test("refused paths are counted in the evidence and reach no sandbox", async () => {
  const bad = ["../outside.py", ".git/hooks/pre-commit", "linked/new.py"];
  const { context, sandbox } = await makeStage({
    files,
    replies: smallReplies({
      generate: [...bad.map((path) => once(editAnswer(path, "", "x = 1"))), once(rightEdit)],
    }),
  });

  const { evidence } = await repair(context);

  expect(evidence.samples).toBe(4);
  expect(evidence.rejected.map(({ reason }) => reason)).toEqual(bad.map(() => "unsafe-path"));
  expect(JSON.stringify(sandbox.jobs)).not.toContain("outside");
});
