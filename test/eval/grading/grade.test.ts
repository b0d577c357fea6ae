import { expect, test } from "vitest";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { gradePatch } from "../../../src/eval/grading/grade.ts";
import { relabel } from "../../../src/eval/grading/relabel.ts";
import { changedLabels, labelsOf } from "../../../src/eval/suite/pooled-patch.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { exited, type Answer } from "../../fakes/fake-sandbox.ts";
import { faultyLine, faultyPath, rightLine, smallProject } from "../../fixtures/small-project.ts";
import { makeStage } from "../../fixtures/stage-context.ts";
import { caseFile, pooled } from "../suite/fixtures.ts";

const before = smallProject[faultyPath] ?? "";
const patchWith = (line: string): string =>
  unifiedDiff([{ path: faultyPath, before, after: before.replace(faultyLine, line) }]);
const right = patchWith(rightLine);
const [wanted, kept] = ["tests/test_core.py::test_two", "tests/test_core.py::test_one"];
const one = readCase(
  JSON.stringify({
    ...caseFile(),
    patch: right,
    test_patch: "--- /dev/null\n+++ b/tests/test_new.py\n@@ -0,0 +1 @@\n+import calc\n",
    FAIL_TO_PASS: [wanted],
    PASS_TO_PASS: [kept],
    run: { ...caseFile().run, parser: "pytest", test_command: "python3 -m pytest -rA" },
    pool: [
      { ...pooled("right", true), patch: right },
      { ...pooled("mislabelled", true), patch: patchWith("    return 2 * a * b") },
      { ...pooled("prose", false), patch: "Use plus." },
    ],
  }),
  "case",
);

const told = (status: string, test: string): string => `${status} ${test}\n`;
const log = (...lines: readonly string[]): string => `== short test summary info ==\n${lines.join("")}`;
const decides: Answer = (_, { files }) =>
  files.some(({ content }) => content?.includes("a + b") === true)
    ? exited(0, log(told("PASSED", wanted), told("PASSED", kept)))
    : exited(1, log(told("FAILED", wanted), told("PASSED", kept)));

async function gradeWith(answer: Answer, patch: string | null) {
  const stage = await makeStage({ answer });
  return { grade: await gradePatch(stage.context, one.truth, patch), jobs: stage.sandbox.jobs };
}

test("a patch resolves a case when all of its tests pass, which are laid over the patch", async () => {
  const { grade, jobs } = await gradeWith(decides, right);

  expect(grade).toEqual({ resolved: true, why: "", broke: false });
  expect(jobs.flatMap(({ files }) => files.map(({ path }) => path))).toEqual([
    faultyPath,
    "tests/test_new.py",
  ]);
});

test.each<[string, Answer, string | null, object]>([
  ["whose tests fail", decides, patchWith("    return 0"), { why: /^1 of 1 .* 0 of 1/ }],
  ["that is none", decides, null, { why: /no patch/ }],
  ["that does not apply", decides, "Use plus.", { why: /does not apply/ }],
  [
    "whose tests hang behind their summary",
    () => ({ ...exited(124, log(told("PASSED", wanted), told("PASSED", kept))) }),
    right,
    { why: /in time/ },
  ],
  [
    "whose sandbox breaks",
    () => ({ kind: "not-started", reason: "no engine" }),
    right,
    { why: /no engine/, broke: true },
  ],
  [
    "whose output is cut",
    () => ({ ...exited(0, log(told("PASSED", wanted))), cut: true }),
    right,
    { why: /longer/, broke: true },
  ],
])(
  "a patch %s does not",
  async (_, answer, patch, { why, broke = false }: { why?: RegExp; broke?: boolean }) => {
    const { grade } = await gradeWith(answer, patch);

    expect(grade).toEqual({ resolved: false, why: expect.stringMatching(why ?? /./), broke });
  },
);

test("labels that the tests deny today are named, and so is a fix that fixes nothing here", async () => {
  const { context } = await makeStage({ answer: decides });
  const seen: string[] = [];
  const again = await relabel(context, one, (done, total) => seen.push(`${done}/${total}`));
  const broken = await relabel(
    (await makeStage({ answer: () => exited(1, "") })).context,
    one,
    () => undefined,
  );
  if ("why" in again || "why" in broken) throw new Error("the tests can be run");

  expect(seen).toEqual(["1/3", "2/3", "3/3"]);
  expect(again).toMatchObject({ fixResolves: true, broke: [] });
  expect(changedLabels(labelsOf(one.pool), again.labels)).toEqual([
    "patch mislabelled: resolved before, unresolved on the re-run",
  ]);
  expect(broken.fixResolves).toBe(false);
});
