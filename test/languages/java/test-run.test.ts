import { beforeAll, describe, expect, test } from "vitest";
import type { TestReport } from "../../../src/domain/execution.ts";
import { createJava } from "../../../src/languages/java/java.ts";
import type { Language } from "../../../src/languages/language.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { makeWorkplace } from "../workplace.ts";
import { withoutJunit4, withoutJunit5 } from "./jdk.ts";

let java: Language;
beforeAll(async () => {
  java = await createJava();
});

type Files = Readonly<Record<string, string>>;
const rates = "package shop; public class Rates { public static int rate(int x) { return x; } }\n";
const selection = { suspects: [], command: null, maxFiles: 20 };

async function execute(
  files: Files,
  command: string | null = null,
): Promise<{ report: TestReport; statuses: Record<string, string> }> {
  const plan = await java.planTests(memoryCheckout(files), { ...selection, command });
  if (plan === null) throw new Error("no plan");
  const report = java.readTestReport(makeWorkplace(files).run(plan));
  return { report, statuses: Object.fromEntries(report.results.map((r) => [r.id, r.status])) };
}

const junit4: Files = {
  "src/shop/Rates.java": rates,
  "test/shop/RatesTest.java": `package shop;
import org.junit.*;
import static org.junit.Assert.*;
public class RatesTest {
  @Test public void passes() { assertEquals(1, Rates.rate(1)); }
  @Test public void fails() { assertEquals(2, Rates.rate(1)); }
  @Test public void errors() { throw new IllegalStateException(); }
  @Test public void assumes() { Assume.assumeTrue(false); }
  @Ignore @Test public void ignored() {}
}
`,
};

describe.skipIf(withoutJunit4)("a JUnit 4 suite without a build (needs a JDK and Debian's junit4)", () => {
  test("leaves one result per test", async () => {
    const { report, statuses } = await execute(junit4);

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "shop.RatesTest::passes": "passed",
      "shop.RatesTest::fails": "failed",
      "shop.RatesTest::errors": "errored",
      "shop.RatesTest::assumes": "skipped",
      "shop.RatesTest::ignored": "skipped",
    });
  });

  test("has a canary that passes and fails as it must", async () => {
    const checkout = memoryCheckout(junit4);
    const plan = await java.planTests(checkout, selection);
    const canary = plan === null ? null : await java.canary(checkout, plan, "x1");
    if (canary === null) throw new Error("no canary");

    const { path, first, second } = canary.module;
    const [before, after] = [first, second].map((text) => {
      const { results } = java.readTestReport(makeWorkplace({ ...junit4, [path]: text }).run(canary));
      const ids = [canary.passes, canary.fails, "shop.RatesTest::passes"];
      return ids.map((wanted) => results.find(({ id }) => id === wanted)?.status);
    });

    expect(first).toHaveLength(second.length);
    expect(before).toEqual(["passed", "passed", "passed"]);
    expect(after).toEqual(["passed", "failed", "passed"]);
  });

  test("is not complete when the code under test ends the process", async () => {
    const leaves = rates.replace("return x;", "System.exit(0); return x;");

    expect((await execute({ ...junit4, "src/shop/Rates.java": leaves })).report.crashed).not.toBeNull();
  });

  test("says why it does not compile", async () => {
    const { report } = await execute({
      ...junit4,
      "src/shop/Rates.java": rates.replace("return x", "return y"),
    });

    expect(report.crashed).toMatch(/^the code does not compile: Rates\.java:1: cannot find symbol/);
  });
});

test("a command of the settings leaves its reports and stops at the first command that fails", async () => {
  const suite = '<testsuite><testcase classname="a.B" name="c"><failure/></testcase></testsuite>';
  const command = `mkdir -p target/surefire-reports
echo '${suite}' >target/surefire-reports/TEST-a.B.xml
false
rm -r target`;

  const { report, statuses } = await execute({ "pom.xml": "<project/>" }, command);

  expect([report.crashed, statuses]).toEqual([null, { "a.B::c": "failed" }]);
});

describe.skipIf(withoutJunit5)("a JUnit 5 suite without a build (needs a JDK and Debian's junit5)", () => {
  test("leaves one result per test", async () => {
    const { report, statuses } = await execute({
      "src/main/java/shop/Rates.java": rates,
      "src/test/java/shop/RatesTest.java": `package shop;
import org.junit.jupiter.api.*;
class RatesTest {
  @Test void passes() { Assertions.assertEquals(1, Rates.rate(1)); }
  @Test void fails() { Assertions.assertEquals(2, Rates.rate(1)); }
  @Disabled @Test void ignored() {}
}
`,
    });

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "shop.RatesTest::passes": "passed",
      "shop.RatesTest::fails": "failed",
      "shop.RatesTest::ignored": "skipped",
    });
  });
});
