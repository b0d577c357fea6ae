import { describe, expect, test } from "vitest";
import type { TestBase } from "../../src/pipeline/baseline.ts";
import { openContest } from "../../src/pipeline/contest.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import { knownMeasures } from "../../src/pipeline/validate.ts";
import type { SandboxJob } from "../../src/ports/sandbox.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { tests, verdictOf } from "./verdict-of.ts";
import { ended, written } from "./written.ts";

describe("the second run", () => {
  const canary: TestBase["canary"] = {
    script: "run the tests and ours",
    report: "report",
    files: [{ place: "aside", path: "helper", content: "" }],
    module: { path: "tests/test_ours.py", first: "all pass", second: "one fails" },
    mark: "ours::",
    passes: "ours::yes",
    fails: "ours::no",
  };
  const junit = (failed: readonly string[], ...ids: readonly string[]) => {
    const cases = ids.map((id) => {
      const [module, name] = id.split("::");
      const inside = failed.includes(id) ? "<failure/>" : "";
      return `<testcase classname="${module}" name="${name}" time="1">${inside}</testcase>`;
    });
    return `<testsuites><testsuite>${cases.join("")}</testsuite></testsuites>`;
  };
  const ids = ["t::a", "ours::yes", "ours::no"] as const;
  const told = exited(1, "", junit(["ours::no"], ...ids));
  const passed = exited(0, "", junit([], ...ids));
  const withCanary = { tests: { ...tests, canary } };
  const isSecond = (job: SandboxJob): boolean => job.files.some(({ content }) => content === "one fails");
  const honest: Answer = (_, job) => (isSecond(job) ? told : passed);

  test("differs from the first in the text of one module only, of which nothing is counted", async () => {
    const { verdict, jobs } = await verdictOf([], honest, [], withCanary);
    const [first, second] = jobs;

    expect(jobs).toHaveLength(2);
    expect(second?.commands).toEqual(first?.commands);
    expect(second?.files.map(({ place, path }) => [place, path])).toEqual(
      first?.files.map(({ place, path }) => [place, path]),
    );
    expect(verdict?.tests).toEqual({ kind: "ran", passed: 1, regressions: [] });
  });

  test("in which what must fail passes makes both worthless, after a second try", async () => {
    const { verdict, labels } = await verdictOf([], () => passed, [], withCanary);

    expect(labels).toEqual([
      "candidate/abc/tests",
      "candidate/abc/tests/canary",
      "candidate/abc/tests-confirm",
      "candidate/abc/tests-confirm/canary",
    ]);
    expect(verdict?.tests).toMatchObject({ kind: "untrusted", regressions: ["t::a"] });
  });

  test("that disagrees counts at once where the settings want no repeat", async () => {
    const settings = { tests: { flaky_retries: 0 } };
    const { verdict, labels } = await verdictOf([], () => passed, [], { ...withCanary, settings });

    expect(labels).toEqual(["candidate/abc/tests", "candidate/abc/tests/canary"]);
    expect(verdict.tests).toMatchObject({ kind: "untrusted", regressions: ["t::a"] });
  });

  test("that is in order only at the second try stays in the verdict", async () => {
    const answer: Answer = (command, job, index) =>
      job.label.endsWith("tests/canary") ? passed : honest(command, job, index);
    const { verdict } = await verdictOf([], answer, [], withCanary);

    expect(verdict?.tests).toMatchObject({
      kind: "ran",
      regressions: [],
      earlier: { kind: "untrusted", reason: expect.stringContaining("must fail was reported as passed") },
    });
  });

  test("that wipes out what failed before does not wipe out that the first was not to be believed", async () => {
    // a lie, then each of two tests failing in turn, then nothing
    const lie = exited(1, "", junit([], "t::a", "t::b", "ours::yes", "ours::no"));
    const failing = (id: string) => exited(1, "", junit([id], "t::a", "t::b", "ours::yes", "ours::no"));
    const fine = exited(0, "", junit([], "t::a", "t::b", "ours::yes", "ours::no"));
    const second = exited(1, "", junit(["ours::no"], "t::a", "t::b", "ours::yes", "ours::no"));
    const firsts = [lie, failing("t::a"), failing("t::b")];
    let runs = 0;
    const answer: Answer = (_, job) => {
      if (isSecond(job)) return second;
      runs += 1;
      return firsts[runs - 1] ?? fine;
    };
    if (tests.baseline.kind !== "ran") throw new Error("fixture");
    const baseline = { ...tests.baseline, passing: ["t::a", "t::b"] };
    const settings = { tests: { flaky_retries: 2 } };

    const { verdict } = await verdictOf([], answer, [], { tests: { ...tests, canary, baseline }, settings });

    expect(verdict.tests).toMatchObject({
      kind: "ran",
      regressions: [],
      flaky: ["t::a", "t::b"],
      earlier: { kind: "untrusted" },
    });
  });

  test("is not needed for a first one that breaks tests", async () => {
    const broken = exited(1, "", junit(["t::a"], ...ids));
    const { verdict, jobs } = await verdictOf([], () => broken, [], withCanary);

    expect(verdict?.tests).toMatchObject({ kind: "ran", regressions: ["t::a"] });
    const second = jobs.filter(isSecond);
    expect(second.map(({ label, spareUntil }) => [label, spareUntil?.aborted])).toEqual([
      ["candidate/abc/tests/canary", false],
    ]);
  });

  test("counts for who leads, and for the next one when that one cannot be trusted", async () => {
    const liar: Answer = (command, job, index) =>
      job.label.startsWith("candidate/liar/") ? passed : honest(command, job, index);
    const { context, sandbox } = await makeStage({ answer: liar });
    const contest = openContest(
      context,
      knownMeasures([], withCanary.tests),
      createSourceReader(context.checkout),
    );
    const classes = ["last", "next", "next", "liar", "liar", "liar"];

    await contest.run(ended(...classes.map((key, index) => written(index, key))));

    const verdicts = contest.contestants().map(({ judged }) => judged.verdict);
    expect(verdicts.map(({ candidate, tests }) => [candidate, tests.kind])).toEqual([
      ["last", "ran"],
      ["next", "ran"],
      ["liar", "untrusted"],
    ]);
    const seconds = sandbox.jobs.filter(isSecond);
    const needed = seconds.filter(({ spareUntil }) => spareUntil?.aborted !== false);
    expect(needed.map(({ label }) => label).sort()).toEqual([
      "candidate/liar/tests-confirm/canary",
      "candidate/liar/tests/canary",
      "candidate/next/tests/canary",
    ]);
    expect(new Set(seconds.map(({ label }) => label)).size).toBe(seconds.length);
  });
});
