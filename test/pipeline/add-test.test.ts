import { expect, test } from "vitest";
import { createProcessSandbox } from "../../src/adapters/process/process-sandbox.ts";
import { addTest, type TestAddition } from "../../src/pipeline/add-test.ts";
import type { SandboxSession } from "../../src/ports/sandbox.ts";
import { openSession } from "../contracts/sandbox-subject.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { solvedByRightEdit } from "../fixtures/run-world.ts";
import { assertingScript, faultyPath, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { goodTest, patchOf, testAnswer, testedProject, testPath } from "../fixtures/tested-project.ts";

const known = [{ id: "asserting-1", kind: "asserting", source: assertingScript }] as const;

type Scene = { readonly patch?: string; readonly settings?: unknown; readonly session?: SandboxSession };

/** What comes of the answers; without a session nothing is run, and scripts pass with the right patch. */
async function tried(answers: readonly string[], { patch = rightLine, ...scene }: Scene = {}) {
  const stage = await makeStage({
    files: testedProject,
    replies: smallReplies({ "add-test": answers.map((answer) => once(answer)) }),
    profile: { candidates: answers.length },
    answer: solvedByRightEdit,
    ...scene,
  });
  const changes = patchOf(patch);
  const head = memoryCheckout({ ...testedProject, [faultyPath]: changes[0]?.after ?? "" });
  return { ...stage, added: await addTest(stage.context, { head, changes }, known) };
}

const realSession = (): Promise<SandboxSession> =>
  openSession(createProcessSandbox({ slots: 2, logger: createSilentLogger() }), { files: testedProject });

const whysOf = (added: TestAddition): readonly string[] =>
  added.kind === "none-holds" ? added.whys : [added.kind];

test("the first answer is taken whose test fails on the base commit and passes with the patch", async () => {
  const vain = testAnswer("    def test_one(self):", "        self.assertEqual(add(1, 0), 1)");
  const path = "tests/test_sum.py";
  const good = `import unittest

from calc.core import add


class SumTest(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(add(2, 2), 4)`;

  const { added } = await tried([vain, editAnswer(path, "", good)], { session: await realSession() });

  expect(added).toMatchObject({
    kind: "added",
    path,
    tests: ["tests.test_sum.SumTest.test_sum"],
    script: "asserting-1",
    edit: [{ path, before: null, after: `${good}\n` }],
    result: { level: "validated" },
  });
});

test("tests that fail with the patch, or keep others from running, are not taken", async () => {
  const failing = testAnswer("    def test_one(self):", "        self.assertEqual(add(1, 1), 3)");
  const hiding = testAnswer("    test_zero = None", "", "    def test_two(self):", "        add(2, 2)");

  const { added } = await tried([failing, hiding], { session: await realSession() });

  expect(whysOf(added)).toEqual([
    expect.stringContaining("test_one fails with the patch"),
    expect.stringContaining("test_zero does not pass any more"),
  ]);
});

test.each<readonly [string, string, string]>([
  [
    "lies in the code",
    editAnswer(faultyPath, rightLine, `${rightLine}  # tested`),
    "is no test of the project",
  ],
  ["takes lines out", editAnswer(testPath, "from calc.core import add", "import calc"), "takes lines out of"],
  ["steers the test runs", editAnswer("tests/conftest.py", "", "x = 1\n"), "must not be changed"],
  [
    "comes with a second file",
    `${goodTest}\n${editAnswer("tests/test_more.py", "", "import unittest\n")}`,
    "more than one file",
  ],
  [
    "lies in a file that is not run",
    editAnswer("tests/helper.py", "", "x = 1\n"),
    "does not run tests/helper.py",
  ],
  ["does not parse", testAnswer("    def test_one(self:"), "tests/test_core.py line"],
  ["is no edit", "I do not know.", "no SEARCH/REPLACE edit"],
])("a test that %s is never executed", async (_, answer, why) => {
  const { added, sandbox } = await tried([answer]);

  expect(whysOf(added)).toEqual([expect.stringContaining(why)]);
  expect(sandbox.jobs.filter(({ label }) => label.startsWith("added-test"))).toEqual([]);
});

test("the settings keep a test out of folders that they protect", async () => {
  const { added } = await tried([goodTest], { settings: { paths: { protect: ["tests/**"] } } });

  expect(whysOf(added)).toEqual([expect.stringContaining("must not be changed")]);
});

test("nobody is asked when no script shows that the patch takes the issue away", async () => {
  const { added, asked } = await tried([goodTest], { patch: "    return a * b + 1" });

  expect(added.kind).toBe("no-script");
  expect(asked).toEqual([]);
});

test("the models see issue, patch, script and the nearest test", async () => {
  const { asked } = await tried([goodTest]);

  const question = asked[0]?.messages[0]?.content ?? "";
  expect(question).toContain("add subtracts");
  expect(question).toContain(`+${rightLine}`);
  expect(question).toContain('"poc_code.py": "from calc.core import add');
  expect(question).toContain(`>>> FILE ${testPath}\nimport unittest`);
});
