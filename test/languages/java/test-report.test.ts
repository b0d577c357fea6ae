import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { clearReports, mergeReports, readJavaTestReport } from "../../../src/languages/java/test-reports.ts";
import { growth } from "../../fixtures/growth.ts";
import { makeWorkplace } from "../workplace.ts";

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/reports/java/${name}`, import.meta.url), "utf8");
const surefire = fixture("surefire-2.22.3.TEST-web.PageTest.xml");
const gradle = fixture("gradle-4.4.1.TEST-shop.RatesTest.xml");

const exited = (report: string | null, exitCode: number, stdout = ""): ExecutionOutcome => ({
  kind: "exited",
  exitCode,
  stdout,
  stderr: "",
  cut: false,
  durationMs: 1,
  report,
});

const merge = (files: Readonly<Record<string, string>>, exitCode: number): ExecutionOutcome =>
  makeWorkplace(files).run({
    files: [],
    report: "test-report",
    script: `report="$COPATCHER_OUT/test-report"\n${mergeReports}\nmerge_reports\nexit ${exitCode}\n`,
  });

describe("the reports of a build", () => {
  test("are joined to one, without what the tests printed", () => {
    const outcome = merge(
      {
        "web/target/surefire-reports/TEST-web.PageTest.xml": surefire,
        "sub/build/test-results/test/TEST-shop.RatesTest.xml": gradle,
        "src/test/resources/TEST-other.xml": "<testsuite><testcase name='no report'/></testsuite>",
      },
      1,
    );

    const { results, crashed } = readJavaTestReport(outcome);
    expect(crashed).toBeNull();
    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "shop.RatesTest::errors failed",
      "shop.RatesTest::passes passed",
      "shop.RatesTest::assumed skipped",
      "shop.RatesTest::fails failed",
      "shop.RatesTest::ignored skipped",
      "web.PageTest::page failed",
    ]);
    expect(outcome.kind === "exited" && outcome.report).not.toContain("forged");
  });

  test("are damaged when one of them was cut off", () => {
    const cut = surefire.slice(0, surefire.indexOf("forged"));
    const outcome = merge({ "target/surefire-reports/TEST-web.PageTest.xml": cut }, 1);

    expect(readJavaTestReport(outcome).crashed).toBe("the test report is damaged");
  });

  test("of an earlier run are removed", () => {
    const place = makeWorkplace({ "target/surefire-reports/TEST-a.xml": surefire, "TEST-b.xml": "kept" });
    const script = `${clearReports}; find . -name '*.xml' >"$COPATCHER_OUT/left"`;

    expect(place.run({ script, files: [], report: "left" })).toMatchObject({ report: "./TEST-b.xml\n" });
  });
});

const suite = (cases: string): string => `<testsuites><testsuite>${cases}</testsuite></testsuites>`;
const passed = '<testcase classname="a.B" name="c()" time="1"/>';
const failed = '<testcase classname="a.B" name="d" time="1"><failure/></testcase>';

test("a method has the same id with and without its parentheses", () => {
  expect(readJavaTestReport(exited(suite(passed), 0)).results).toEqual([
    { id: "a.B::c", status: "passed", seconds: 1 },
  ]);
});

test.each([
  ["passes and succeeds", suite(passed), 0, true],
  ["fails and says so", suite(passed + failed), 1, true],
  ["fails although no test did", suite(passed), 1, false],
  ["was killed", suite(failed), 137, false],
  ["left nothing", null, 1, false],
])("a build that %s is complete: %#", (_, report, exitCode, complete) => {
  expect(readJavaTestReport(exited(report, exitCode)).crashed === null).toBe(complete);
});

test.each([
  [
    "[ERROR] COMPILATION ERROR : \n[ERROR] /sbx/repo/src/main/java/A.java:[3,7] cannot find symbol\n",
    "A.java:3: cannot find symbol",
  ],
  ["/sbx/repo/src/A.java:12: error: ';' expected\n", "A.java:12: ';' expected"],
])("a build that does not compile says why", (stdout, reason) => {
  expect(readJavaTestReport(exited(null, 1, stdout)).crashed).toBe(`the code does not compile: ${reason}`);
});

test.each([
  ["a word without an end", "a"],
  ["names of files", "a.java:"],
  ["empty folders", "/"],
  ["Maven's errors", "[ERROR] a.java:["],
])("a build that prints %s is read in linear time", (_, unit) => {
  const read = (length: number) =>
    readJavaTestReport(exited(null, 1, unit.repeat(Math.ceil(length / unit.length))));

  expect(growth(read, 50_000)).toBeLessThan(10);
});
