import { describe, expect, test } from "vitest";
import type { Candidate } from "../../src/domain/candidate.ts";
import { levelOf } from "../../src/domain/conclude.ts";
import { rank } from "../../src/domain/ranking.ts";
import type { TestBase } from "../../src/pipeline/baseline.ts";
import { openContest } from "../../src/pipeline/contest.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import { knownMeasures } from "../../src/pipeline/validate.ts";
import type { SandboxJob } from "../../src/ports/sandbox.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { candidate, poc, tests, verdictOf } from "./verdict-of.ts";
import { ended, written } from "./written.ts";

const testPath = "tests/test_core.py";
const edit = { path: testPath, before: "assert a\n", after: "pass\n" };
const ids = ["test_core::a", "test_core::b"] as const;
const base = (passing: readonly string[] = ids): TestBase => ({
  ...tests,
  plan: { command: "pytest", script: "run the tests", report: "report", files: [], selected: [testPath] },
  baseline: tests.baseline.kind === "ran" ? { ...tests.baseline, passing } : tests.baseline,
});
const editing: Candidate = { ...candidate, changes: [...candidate.changes, edit] };

const junit = (passing: readonly string[], all: readonly string[]): string => {
  const cases = all.map((id) => {
    const [module = "", name = ""] = id.split("::");
    const inside = passing.includes(id) ? "" : "<failure/>";
    return `<testcase classname="${module}" name="${name}" time="1">${inside}</testcase>`;
  });
  return `<testsuites><testsuite>${cases.join("")}</testsuite></testsuites>`;
};

/** Whether the tests as the candidate leaves them are run, in which nothing fails any more. */
const isEdited = (job: SandboxJob): boolean => job.files.some(({ path }) => path === testPath);
const lays = (job: SandboxJob, text: string): boolean => job.files.some(({ content }) => content === text);

/** Scripts pass; of the tests as on the base commit, `broken` fail where the job lays the text. */
const answering =
  (broken: readonly string[], text: string, all: readonly string[] = ids): Answer =>
  (command, job) => {
    if (!command.script.includes("run the tests")) return atItsEnd(command, exited(0));
    const failing = !isEdited(job) && lays(job, text) ? broken : [];
    const passing = all.filter((id) => !failing.includes(id));
    return exited(failing.length === 0 ? 0 : 1, "", junit(passing, all));
  };
const scripts = [poc("asserting-1", "asserting")];

describe("the tests, with the files that the candidate edits as they are on the base commit,", () => {
  test("are run, and those that fail keep the patch a draft", async () => {
    const other = [...ids, "test_other::c"];
    const given = { candidate: editing, tests: base(other) };

    const { verdict, labels } = await verdictOf(scripts, answering([ids[0]], "b\n", other), [], given);

    expect(verdict.tests).toMatchObject({ kind: "ran", regressions: [], altered: [ids[0]] });
    expect(levelOf(verdict, given.tests.baseline)).toBe("partial");
    expect(labels.filter((label) => label.includes("unedited"))).toEqual([
      "candidate/abc/tests-unedited",
      "candidate/abc/tests-unedited/again-1",
    ]);
  });

  test("take nothing away where all of them pass", async () => {
    const other = [...ids, "test_other::c"];
    const given = { candidate: editing, tests: base(other) };

    const { verdict, labels } = await verdictOf(scripts, answering([], "b\n", other), [], given);

    expect(verdict.tests).toEqual({ kind: "ran", passed: 3, regressions: [] });
    expect(levelOf(verdict, given.tests.baseline)).toBe("validated");
    expect(labels.filter((label) => label.includes("unedited"))).toHaveLength(1);
  });

  test("are told where no other test was selected, which is no evidence for the patch", async () => {
    const given = { candidate: editing, tests: base() };

    const { verdict } = await verdictOf(scripts, answering([ids[1]], "b\n"), [], given);

    expect(verdict.tests).toMatchObject({ kind: "not-run", because: "edits-tests", altered: [ids[1]] });
    expect(levelOf(verdict, given.tests.baseline)).toBe("partial");
  });

  test("all count as failing where their run breaks off", async () => {
    const crash: Answer = (command) =>
      command.script.includes("run the tests") ? exited(139) : atItsEnd(command, exited(0));

    const { verdict } = await verdictOf(scripts, crash, [], { candidate: editing, tests: base() });

    expect(verdict.tests).toMatchObject({ because: "edits-tests", altered: [...ids] });
  });

  test("may be those of other files, which the edited one helps", async () => {
    const helper = { ...edit, path: "tests/helpers.py" };
    const given = { candidate: { ...candidate, changes: [...candidate.changes, helper] }, tests: base() };
    const answer: Answer = (command, job) => {
      const helped = job.files.some(({ path }) => path === helper.path);
      return helped ? answering([], "")(command, job, 0) : answering([ids[0]], "b\n")(command, job, 0);
    };

    const { verdict } = await verdictOf(scripts, answer, [], given);

    expect(verdict.tests).toMatchObject({ kind: "ran", regressions: [], altered: [ids[0]] });
  });

  test("are not run for a candidate that only adds one", async () => {
    const added = { ...edit, before: null, path: "tests/test_new.py" };
    const given = { candidate: { ...candidate, changes: [...candidate.changes, added] }, tests: base() };

    const { labels } = await verdictOf(scripts, answering([], "b\n"), [], given);

    expect(labels.filter((label) => label.includes("unedited"))).toEqual([]);
  });

  test("are not run for a candidate that edits none", async () => {
    const { labels } = await verdictOf(scripts, answering([], "b\n"), [], { tests: base() });

    expect(labels.filter((label) => label.includes("unedited"))).toEqual([]);
  });
});

test.each([
  ["with a script", scripts],
  ["without any", []],
] as const)(
  "a candidate that edits the only tests and breaks them loses to one that keeps them, %s",
  async (_, pocs) => {
    const { context } = await makeStage({ answer: answering([...ids], "A\n") });
    const measures = knownMeasures(pocs, base());
    const contest = openContest(context, measures, createSourceReader(context.checkout));
    const cheat = [0, 1, 2].map((index) => {
      const one = written(index, "A");
      return { ...one, changes: [...one.changes, edit] };
    });

    await contest.run(ended(...cheat, written(3, "C"), written(4, "C")));

    const judged = contest.contestants().map((one) => one.judged);
    expect(rank(judged, "lexicographic")).toMatchObject({
      ordered: [{ candidate: { id: "C" } }, { candidate: { id: "A" } }],
      decidedBy: "edits",
    });
  },
);
