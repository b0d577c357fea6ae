import { expect, test } from "vitest";
import type { FileChange } from "../../src/domain/edit.ts";
import { checkPatch } from "../../src/pipeline/check-patch.ts";
import { tryKnownScripts } from "../../src/pipeline/known-scripts.ts";
import { assertingScript } from "../fixtures/small-project.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import {
  goodTestId,
  patchOf,
  testedByRightEdit,
  testedProject,
  testPath,
} from "../fixtures/tested-project.ts";

const known = [{ id: "asserting-1", kind: "asserting", source: assertingScript }] as const;
const base = String(testedProject[testPath]);
const added = (wanted: number): FileChange => ({
  path: testPath,
  before: base,
  after: `${base}\n    def test_two_and_two(self):\n        self.assertEqual(add(2, 2), ${wanted})\n`,
});

/** The tests that we added bring their process down. */
const breaksOff: Answer = (command, job, index) =>
  job.label.includes("tests-added") ? exited(139) : testedByRightEdit(command, job, index);

/** What comes of the patch with a change of its tests that an earlier run of ours made, or is said to have made. */
async function checked(
  change: FileChange,
  own: FileChange = change,
  some: Parameters<typeof makeStage>[0] = {},
) {
  const stage = await makeStage({ files: testedProject, answer: testedByRightEdit, ...some });
  const context = { ...stage.context, ownTests: [{ change: own, tests: [goodTestId] }] };
  const result = await checkPatch(context, [...patchOf(), change], (some) => tryKnownScripts(some, known));
  const jobs = stage.sandbox.jobs.map(({ label, files }) => ({
    label: label.replace(/^candidate\/[^/]+\//, ""),
    laid: files.map(({ path }) => path),
  }));
  return { result, jobs };
}

test("a test that we added is run beside the others, and takes no evidence away", async () => {
  const { result, jobs } = await checked(added(4));

  expect(result).toMatchObject({
    level: "validated",
    verdict: { tests: { kind: "ran", regressions: [], added: [goodTestId] } },
    evidence: { flags: [] },
  });
  expect(jobs.find(({ label }) => label === "tests-added/1")?.laid).toContain(testPath);
});

test("the other tests of its file are run as they are on the base commit", async () => {
  const { jobs } = await checked(added(4));

  const runs = jobs.filter(({ label }) => label === "tests" || label === "tests/canary");
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.filter(({ laid }) => laid.includes(testPath))).toEqual([]);
});

test("a test that we added and that fails now is a broken test, after it had as many tries as the others", async () => {
  const { result, jobs } = await checked(added(5));

  expect(result).toMatchObject({ level: "partial", verdict: { tests: { regressions: [goodTestId] } } });
  expect(jobs.filter(({ label }) => label.startsWith("tests-added"))).toHaveLength(2);
});

test.each([
  ["fails", testedByRightEdit, 4],
  ["breaks off", breaksOff, 2],
] as const)("a test that we added and that %s has its own number of tries", async (_, answer, tries) => {
  const settings = { tests: { flaky_retries: 3 } };

  const { result, jobs } = await checked(added(5), undefined, { answer, settings });

  expect(result).toMatchObject({ level: "partial", verdict: { tests: { regressions: [goodTestId] } } });
  expect(jobs.filter(({ label }) => label.startsWith("tests-added"))).toHaveLength(tries);
});

test("a file that is not as we left it is edited, and its tests are no evidence", async () => {
  const edited = { ...added(4), after: `${added(4).after}\n    # looks like ours\n` };

  const { result, jobs } = await checked(edited, added(4));

  expect(result).toMatchObject({
    level: "partial",
    verdict: { tests: { kind: "not-run", reason: expect.stringContaining("edits the files of all tests") } },
    evidence: { flags: [{ path: testPath }] },
  });
  expect(jobs.filter(({ label }) => label.startsWith("tests-added"))).toEqual([]);
});
