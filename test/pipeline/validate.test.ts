import { describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { judgement, once } from "../fixtures/model-answers.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { candidate, poc, verdictOf } from "./verdict-of.ts";

const isTest = (script: string): boolean => script.includes("run the tests");

test("what the tests say of a candidate that fails every script counts for nothing", async () => {
  const { verdict, jobs } = await verdictOf([poc("asserting-1", "asserting")], () => exited(1));

  expect(verdict?.tests).toMatchObject({ kind: "not-run", because: "fails-every-poc" });
  expect(jobs.map(({ label, spareUntil }) => [label, spareUntil?.aborted])).toEqual([
    ["candidate/abc/tests", false],
    ["candidate/abc/pocs/asserting-1", undefined],
  ]);
});

test("one script that passes is enough for the tests to be needed", async () => {
  const pocs = [poc("asserting-1", "asserting"), poc("asserting-2", "asserting")];
  const { verdict, jobs } = await verdictOf(pocs, (command, { label }) =>
    atItsEnd(command, exited(label.endsWith("asserting-1") ? 0 : 1)),
  );

  const run = jobs.find(({ label }) => label === "candidate/abc/tests");
  expect(run?.spareUntil?.aborted).toBe(true);
  expect(verdict?.tests).toMatchObject({ kind: "crashed" });
});

test("a test run without a report counts every baseline test as broken, and is repeated once", async () => {
  const { verdict, labels } = await verdictOf([], ({ script }) => exited(isTest(script) ? 1 : 0));

  expect(verdict?.tests).toMatchObject({ regressions: ["t::a"] });
  expect(labels).toEqual(["candidate/abc/tests", "candidate/abc/tests-again"]);
});

test("a test run that broke off only once does not condemn the candidate", async () => {
  const report = '<testsuite><testcase classname="t" name="a" time="1"/></testsuite>';
  let runs = 0;
  const { verdict } = await verdictOf([], ({ script }) => {
    if (isTest(script)) runs += 1;
    return runs === 1 ? exited(139) : exited(0, "", report);
  });

  expect(verdict?.tests).toMatchObject({ kind: "ran", regressions: [], earlier: { kind: "crashed" } });
});

test.each([
  [judgement("Yes"), "fixed"],
  [judgement("No"), "still-broken"],
  ["I think that it works.", "inconclusive"],
  [judgement("yes and no, hard to say whether yes"), "fixed"],
  [judgement("x".repeat(500)), "inconclusive"],
  ["", "inconclusive"],
])("a judge that answers %j makes a printing script %s", async (text, result) => {
  const { verdict } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "right\n"), [
    ...once(text),
    ...once(text),
  ]);

  expect(verdict?.pocs).toMatchObject([{ result, judgedBy: "model" }]);
});

test("a judge that was cut off has not judged", async () => {
  const cutOff = once(judgement("yes"), { finish: "length" });
  const { verdict, asked } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "right\n"), [
    ...cutOff,
    ...cutOff,
  ]);

  expect(verdict?.pocs).toMatchObject([{ result: "inconclusive" }]);
  expect(asked).toMatchObject([{ minTokens: 512 }, { minTokens: 512 }]);
});

test("the same output as before is broken without asking the judge", async () => {
  const { verdict, asked } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "wrong\n"));

  expect(verdict?.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule", unchanged: true }]);
  expect(asked).toEqual([]);
});

describe("an asserting script that still fails", () => {
  const failing = (before: string) => ({
    ...poc("asserting-1", "asserting"),
    baseline: { ...exited(1, "one\n"), stderr: before },
  });
  const trace = (line: number, message: string) =>
    `Traceback (most recent call last):\n  File "/w/calc/core.py", line ${line}, in add\nValueError: ${message}\n`;

  test.each([
    ["says that nothing changed where it prints the same", "wrong", "wrong", true],
    ["says so, too, where lines of the repository moved", trace(3, "no"), trace(9, "no"), true],
    ["says that something changed where its error is another one", trace(3, "no"), trace(3, "yes"), false],
    ["says that something changed where times are far apart", "took 9.20 s", "took 1.10 s", false],
    ["keeps numbers of lines that are its own text", "line 3", "line 9", false],
  ])("%s", async (_, before, after, unchanged) => {
    const { verdict } = await verdictOf([failing(before)], () => ({ ...exited(1, "one\n"), stderr: after }));

    expect(verdict?.pocs).toMatchObject([{ result: "still-broken", unchanged }]);
  });

  test("says that something changed where it ends with another status", async () => {
    const { verdict } = await verdictOf([failing("")], () => exited(2, "one\n"));

    expect(verdict?.pocs).toMatchObject([{ unchanged: false }]);
  });
});

describe("a script that prints what it measured", () => {
  const ran = (before: string) => ({ ...poc("printing-1", "printing"), baseline: exited(0, before) });

  test.each([
    ["elapsed: 5.21 s\n", "elapsed: 0.02 s\n"],
    ["peak memory: 812.4 MB\n", "peak memory: 13.1 MB\n"],
    ["real\t1m5.210s\n", "real\t0m0.310s\n"],
    ["wrote /tmp/a1 in 2 minutes\n", "wrote /tmp/b2 in 700 ms\n"],
  ])("is judged with its numbers where %j became %j", async (before, after) => {
    const { verdict, asked } = await verdictOf([ran(before)], () => exited(0, after), once(judgement("No")));

    expect(verdict?.pocs).toMatchObject([{ result: "still-broken", judgedBy: "model", unchanged: false }]);
    const question = asked[0]?.messages.map(({ content }) => content).join("") ?? "";
    for (const [number] of `${before}${after}`.matchAll(/\d+m?\.?\d* ?(?:s|MB|ms|minutes)/g))
      expect(question).toContain(number);
    expect(question).not.toContain("/tmp/");
  });

  test.each([
    ["elapsed: 5.21 s\n", "elapsed: 4.7 s\n"],
    ["elapsed: 0.30 s\n", "elapsed: 0.02 s\n"],
    ["peak memory: 12.5 MB\n", "peak memory: 13.1 MB\n"],
    ["allocated 900 bytes\n", "allocated 12 bytes\n"],
    ["real\t0m5.210s\n", "real\t0m5.710s\n"],
  ])("says the same where %j became %j", async (before, after) => {
    const { verdict, asked } = await verdictOf([ran(before)], () => exited(0, after));

    expect(verdict?.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule" }]);
    expect(asked).toEqual([]);
  });
});

test("a script that did not start is inconclusive", async () => {
  const { verdict } = await verdictOf([poc("asserting-1", "asserting")], () => ({
    kind: "not-started",
    reason: "the disk is full",
  }));

  expect(verdict?.pocs).toMatchObject([{ result: "inconclusive" }]);
});

describe("a script that ends before its end", () => {
  test("fixes nothing, although the exit status is 0", async () => {
    const { verdict } = await verdictOf([poc("asserting-1", "asserting")], () => exited(0));

    expect(verdict?.pocs).toMatchObject([
      { result: "still-broken", judgedBy: "rule", reason: expect.stringContaining("ended the process") },
    ]);
  });

  const printing = { ...poc("printing-1", "printing"), reachedEnd: true };

  test.each(["right\n", "wrong\n"])(
    "and came to it on the base commit is broken when it prints %j",
    async (text) => {
      const { verdict, asked } = await verdictOf([printing], () => exited(0, text));

      expect(verdict?.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule", unchanged: false }]);
      expect(asked).toEqual([]);
    },
  );

  test("by an error that it prints is for the judge, since that may be the right answer", async () => {
    const fails = { ...exited(1, "right\n"), stderr: "ValueError: negative\n" };
    const { verdict } = await verdictOf([printing], () => fails, once(judgement("Yes")));

    expect(verdict?.pocs).toMatchObject([{ result: "fixed", judgedBy: "model" }]);
  });
});

describe("a script that took too long", () => {
  const slow: ExecutionOutcome = {
    kind: "timed-out",
    durationMs: 30_000,
    stdout: "",
    stderr: "",
    cut: false,
    report: null,
  };
  const pocs = [poc("asserting-1", "asserting"), poc("asserting-2", "asserting")];

  test("is run once more, alone and with more time, before it counts", async () => {
    const { verdict, jobs } = await verdictOf([...pocs], (command, { label }) =>
      label === "candidate/abc/pocs/asserting-2" ? slow : atItsEnd(command, exited(0)),
    );

    expect(jobs.find(({ label }) => label === "candidate/abc/pocs-again/asserting-2")).toMatchObject({
      commands: [{ timeoutMs: 60_000 }],
    });
    expect(verdict?.pocs).toMatchObject([{ result: "fixed" }, { result: "fixed" }]);
  });

  test("twice is broken, and so are the others that took too long", async () => {
    const { verdict, labels } = await verdictOf([...pocs], () => slow);

    expect(labels.filter((label) => label.includes("/pocs"))).toEqual([
      "candidate/abc/pocs/asserting-1",
      "candidate/abc/pocs/asserting-2",
      "candidate/abc/pocs-again/asserting-1",
    ]);
    expect(verdict?.pocs).toMatchObject([{ result: "still-broken" }, { result: "still-broken" }]);
  });
});

test("a test that fails in one of two runs with the patch is named", async () => {
  let runs = 0;
  const { verdict } = await verdictOf([], () => {
    runs += 1;
    const inside = runs === 1 ? "<failure/>" : "";
    const report = `<testsuite><testcase classname="t" name="a" time="1">${inside}</testcase></testsuite>`;
    return exited(runs === 1 ? 1 : 0, "", report);
  });

  expect(verdict?.tests).toEqual({ kind: "ran", passed: 1, regressions: [], flaky: ["t::a"] });
});

test("tests of a file that the candidate edits are no evidence for it", async () => {
  const edits = { ...candidate, changes: [{ path: "tests/t.py", before: "", after: "x" }] };
  const { verdict } = await verdictOf([], () => exited(0), [], { candidate: edits });

  expect(verdict?.tests).toMatchObject({
    kind: "not-run",
    reason: expect.stringContaining("edits the files"),
  });
});
