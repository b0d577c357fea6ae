import { describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { readPythonTestReport } from "../../../src/languages/python/test-report.ts";

const exited = (report: string | null, exitCode = 0): ExecutionOutcome => ({
  kind: "exited",
  exitCode,
  stdout: "all tests passed",
  stderr: "",
  cut: false,
  durationMs: 1000,
  report,
});

const line = (id: string, status: string): string => `${JSON.stringify({ id, status, seconds: 0.5 })}\n`;
const end = '{"end":true}\n';
const xml = (cases: string): string =>
  `<?xml version="1.0"?><testsuites><testsuite name="pytest">${cases}</testsuite></testsuites>`;

describe("a test report", () => {
  test.each([
    ["is missing", exited(null)],
    ["is empty", exited("")],
    ["is cut in the middle of XML", exited('<testsuites><testsuite><testcase name="a"')],
    ["is other XML", exited("<html></html>")],
    ["ends before its end", exited(line("a", "passed"))],
    ["has lines that are no results", exited(`nonsense\n${end}`)],
    ["has no test", exited(end)],
    [
      "names a file of the host",
      exited('<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites><testsuite/></testsuites>'),
    ],
    ["is nested beyond all measure", exited("<testsuites>".repeat(50_000) + "</testsuites>".repeat(50_000))],
    ["has no test in XML", exited(xml(""), 5)],
    ["comes with an internal error of pytest", exited(xml('<testcase name="a"/>'), 3)],
    ["comes with an interrupted collection", exited(xml('<testcase name="a"/>'), 2)],
    ["is too large", exited(line("a".repeat(21 * 2 ** 20), "passed") + end)],
    ["was never written", { kind: "not-started", reason: "no image" } as const],
    ["comes with a timeout", { ...exited(line("a", "passed") + end), kind: "timed-out" } as ExecutionOutcome],
    ["comes with too little memory", { ...exited(null), kind: "out-of-memory" } as ExecutionOutcome],
  ])("that %s counts as a crash", (_, outcome) => {
    expect(readPythonTestReport(outcome).crashed).not.toBeNull();
  });

  test("joins the results of one id to the worst of them", () => {
    const report =
      line("a", "failed") + line("a", "passed") + line("b", "passed") + line("b", "errored") + end;

    expect(readPythonTestReport(exited(report, 1)).results).toEqual([
      { id: "a", status: "failed", seconds: 1 },
      { id: "b", status: "errored", seconds: 1 },
    ]);
  });

  test("in XML has failures, errors, skips and the entities of XML in its names", () => {
    const report = xml(`<testcase classname="t" name="a[&lt;&amp;amp;&gt;]" time="0.25"/>
<testcase classname="t" name="b" time="0"><failure message="m">text</failure></testcase>
<testcase classname="t" name="c" time="x"><error/></testcase>
<testcase classname="t" name="d"><skipped type="s"/></testcase>
<testcase classname="t" name="e"><system-out>said</system-out></testcase>`);

    expect(readPythonTestReport(exited(report, 1))).toEqual({
      crashed: null,
      results: [
        { id: "t::a[<&amp;>]", status: "passed", seconds: 0.25 },
        { id: "t::b", status: "failed", seconds: 0 },
        { id: "t::c", status: "errored", seconds: 0 },
        { id: "t::d", status: "skipped", seconds: 0 },
        { id: "t::e", status: "passed", seconds: 0 },
      ],
    });
  });

  test("cannot grow by entities of its own", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]>${xml('<testcase classname="t" name="&b;"/>').replace('<?xml version="1.0"?>', "")}`;

    const { results } = readPythonTestReport(exited(bomb));

    expect(results.every((result) => result.id.length < 100)).toBe(true);
  });
});

describe("the exit status and the report", () => {
  const passed = '<testcase classname="t" name="a"/>';
  const failed = '<testcase classname="t" name="b"><failure/></testcase>';
  const skipped = '<testcase classname="t" name="c"><skipped/></testcase>';

  test.each([
    ["all passed and 0", exited(xml(passed))],
    ["one failed and 1", exited(xml(passed + failed), 1)],
    ["all skipped and 5", exited(xml(skipped), 5)],
    ["one failed and 1, in lines", exited(line("a", "failed") + end, 1)],
  ])("agree when they say %s", (_, outcome) => {
    expect(readPythonTestReport(outcome).doubt).toBeUndefined();
  });

  test.each([
    ["all passed and 1", exited(xml(passed), 1)],
    ["one failed and 0", exited(xml(passed + failed))],
    ["all passed and 1, in lines", exited(line("a", "passed") + end, 1)],
  ])("contradict each other when they say %s", (_, outcome) => {
    expect(readPythonTestReport(outcome).doubt).toMatch(/exit status is \d/);
  });
});

test("a report of unittest in pytest's place says so", () => {
  const outcome = exited(line("a", "passed") + end);
  const instead = { ...outcome, stderr: "pytest is not installed: running only what unittest finds\n" };

  expect(readPythonTestReport(instead).note).toContain("pytest is not installed");
  expect(readPythonTestReport(outcome).note).toBeUndefined();
});
