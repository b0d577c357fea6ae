import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { TestReport } from "../../../src/domain/execution.ts";
import { createJavaScript } from "../../../src/languages/javascript/javascript.ts";
import type { Language } from "../../../src/languages/language.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { runPlan } from "./run-plan.ts";

let javascript: Language;
beforeAll(async () => {
  javascript = await createJavaScript();
});

const modules = resolve("node_modules");
const packageOf = (name: string): string => JSON.stringify({ type: "module", scripts: { test: name } });
const testsOf = (runner: string): string => `import { describe, test } from "${runner}";
import assert from "node:assert";
import { rate } from "../src/rates.js";
describe("rates", () => {
  test("doubles", () => { assert.strictEqual(rate(1), 2); });
  test("fails", () => { assert.strictEqual(rate(1), 3); });
  test.skip("is skipped", () => {});
});
`;

type Run = { readonly report: TestReport; readonly statuses: Record<string, string> };

async function execute(
  files: Readonly<Record<string, string>>,
  token: string | null = null,
  which: "first" | "second" = "second",
): Promise<Run> {
  const checkout = memoryCheckout(files);
  const plan = await javascript.planTests(checkout, { suspects: [], command: null, maxFiles: 9 });
  if (plan === null) throw new Error("no plan");
  const canary = token === null ? null : await javascript.canary(checkout, plan, token);
  const module = canary === null ? {} : { [canary.module.path]: canary.module[which] };
  const report = javascript.readTestReport(runPlan(canary ?? plan, { ...files, ...module }, modules));
  return { report, statuses: Object.fromEntries(report.results.map(({ id, status }) => [id, status])) };
}

const suites = [
  ["vitest", "vitest", "vitest"],
  ["node:test", "node --test", "node:test"],
] as const;

describe.each(suites)("a suite of %s run by its plan", (_, script, runner) => {
  const files = {
    "package.json": packageOf(script),
    "src/rates.js": "export const rate = (x) => 2 * x;\n",
    "test/rates.test.js": testsOf(runner),
    "test/unloadable.test.js": 'import "./not-there.js";\n',
  };

  test("leaves one result per test, and one for a file that cannot be loaded", async () => {
    const { report, statuses } = await execute(files);

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "test/rates.test.js > rates > doubles": "passed",
      "test/rates.test.js > rates > fails": "failed",
      "test/rates.test.js > rates > is skipped": "skipped",
      "test/unloadable.test.js": "errored",
    });
  });

  test("has a canary that passes in the first run and fails in the second", async () => {
    const first = await execute(files, "t0ken", "first");
    const { report, statuses } = await execute(files, "t0ken");

    expect([first.report.crashed, report.crashed]).toEqual([null, null]);
    expect(first.statuses).toMatchObject({
      "test/rates.test.js > rates > doubles": "passed",
      "test/t0ken.test.js > t0ken one": "passed",
      "test/t0ken.test.js > t0ken two": "passed",
    });
    expect(statuses).toMatchObject({
      "test/t0ken.test.js > t0ken one": "passed",
      "test/t0ken.test.js > t0ken two": "failed",
    });
  });

  test("has no passing test when the code ends the process", async () => {
    const { statuses } = await execute({
      ...files,
      "src/rates.js": "process.exit(0);\nexport const rate = 1;\n",
    });

    expect(statuses["test/rates.test.js > rates > doubles"]).toBeUndefined();
  });
});

test("a suite in a bare test.js runs, and has a canary", async () => {
  const { statuses } = await execute(
    {
      "package.json": packageOf("node --test"),
      "src/rates.js": "export const rate = (x) => 2 * x;\n",
      "rates/test.js": testsOf("node:test"),
    },
    "t0ken",
  );

  expect(statuses).toMatchObject({
    "rates/test.js > rates > doubles": "passed",
    "rates/t0ken.test.js > t0ken one": "passed",
    "rates/t0ken.test.js > t0ken two": "failed",
  });
});

test("a canary shows comparisons that were made to pass", async () => {
  const { statuses } = await execute(
    {
      "package.json": packageOf("node --test"),
      "src/rates.js":
        'import assert from "node:assert";\nassert.strictEqual = () => {};\nexport const rate = (x) => x;\n',
      "test/rates.test.js": testsOf("node:test"),
    },
    "t0ken",
  );

  expect(statuses["test/rates.test.js > rates > fails"]).toBe("passed");
  expect(statuses["test/t0ken.test.js > t0ken two"]).toBe("passed");
});

test("a repository without tests that it can find has no plan and no canary", async () => {
  const checkout = memoryCheckout({ "package.json": packageOf("vitest"), "src/a.js": "" });

  expect(await javascript.planTests(checkout, { suspects: [], command: null, maxFiles: 9 })).toBeNull();
});
