import { expect, test } from "vitest";
import { parseGoEvents, readGoTestReport } from "../../../src/languages/go/test-report.ts";

type Event = readonly [action: string, test?: string];

const stream = (events: readonly Event[], status: number | null = 0): string =>
  [
    ...events.map(([Action, Test]) =>
      JSON.stringify({ Time: "2026-01-01T00:00:00Z", Action, Package: "m/p", Test }),
    ),
    ...(status === null ? [] : [`status ${status}`]),
    "",
  ].join("\n");

const statuses = (report: string): Record<string, string> =>
  Object.fromEntries((parseGoEvents(report).results ?? []).map(({ id, status }) => [id, status]));

const passing: readonly Event[] = [["start"], ["run", "TestA"], ["pass", "TestA"], ["pass"]];

test("keeps five thousand results with their seconds", () => {
  const lines = Array.from({ length: 5000 }, (_, i) => {
    const own = { Package: `m/p${i % 50}`, Test: `TestA/n${i}` };
    return `${JSON.stringify({ Action: "run", ...own })}\n${JSON.stringify({ Action: "pass", ...own, Elapsed: 0.5 })}\n`;
  });
  const packages = Array.from(
    { length: 50 },
    (_, i) => `{"Action":"pass","Package":"m/p${i}","Elapsed":1}\n`,
  );
  const report = [...lines, ...packages, "status 0\n"].join("");
  const outcome = {
    kind: "exited",
    exitCode: 0,
    stdout: "",
    stderr: "",
    cut: false,
    durationMs: 1,
    report,
  } as const;

  const { results, crashed } = readGoTestReport(outcome);

  expect([results.length, crashed]).toEqual([5000, null]);
  expect(results[0]).toEqual({ id: "m/p0 TestA/n0", status: "passed", seconds: 0.5 });
});

test("counts an end as passed only while its test runs, and a failure always", () => {
  const forged = stream([
    ["run", "TestA"],
    ["pass", "TestA"],
    ["fail", "TestA"],
    ["pass", "TestB"],
    ["fail", "TestC"],
    ["fail"],
  ]);
  const outcome = { kind: "exited", exitCode: 1, stdout: "", stderr: "", cut: false, durationMs: 1 } as const;

  expect(readGoTestReport({ ...outcome, report: forged }).results).toMatchObject([
    { id: "m/p TestA", status: "failed" },
  ]);
});

test("makes a failed package without a failed test a result of its own", () => {
  expect(statuses(stream([["run", "TestA"], ["pass", "TestA"], ["fail"]], 1))).toEqual({
    "m/p TestA": "passed",
    "m/p": "errored",
  });
});

test.each([
  "FAIL\tm/q [build failed]\n",
  "FAIL\tm/q [setup failed]\n",
  '{"Action":"fail","Package":"m/q"}\n',
  // Since Go 1.24.
  '{"ImportPath":"m/q [m/q.test]","Action":"build-fail"}\n{"Action":"fail","Package":"m/q","FailedBuild":"m/q [m/q.test]"}\n',
])("makes a package that does not build a result of its own: %j", (line) => {
  const report = line + stream(passing, 1);

  expect(parseGoEvents(report).complete).toBe(true);
  expect(statuses(report)).toEqual({ "m/q": "errored", "m/p TestA": "passed" });
});

test.each([
  [
    "a package without an end",
    stream([
      ["run", "TestA"],
      ["pass", "TestA"],
    ]),
  ],
  ["no exit status", stream(passing, null)],
  ["an exit status that says nothing of tests", stream(passing, 127)],
  ["a line that is cut", `${stream(passing)}{"Action":"pa`],
])("is incomplete with %s", (_, report) => {
  expect(parseGoEvents(report).complete).toBe(false);
});

test("is complete with the exit status that older versions of Go give for packages that do not build", () => {
  expect(parseGoEvents(stream(passing, 2)).complete).toBe(true);
});
