import { expect, test } from "vitest";
import type { Baseline } from "../../src/domain/evidence.ts";
import { createGo } from "../../src/languages/go/go.ts";
import { createJavaScript } from "../../src/languages/javascript/javascript.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { outsideEditedTests } from "../../src/pipeline/edited-tests.ts";

const baselineOf = (...passing: readonly string[]): Baseline => ({
  kind: "ran",
  command: "run",
  passing,
  failing: [],
  flaky: [],
  seconds: 1,
  withoutCanary: null,
  exitStatusCounts: true,
  note: null,
});
const edit = (path: string) => [{ path, before: "a\n", after: "b\n" }];

test("tests of an edited file count for nothing, however its name is written in their ids", async () => {
  const [python, javascript] = await Promise.all([createPython(), createJavaScript()]);
  const pytest = baselineOf("tests.test_rates::test_zero", "tests.test_rates_eu::test_zero");
  const jest = baselineOf(
    "src/rates.test.ts > zero",
    "src/rates.spec.ts > zero",
    "src/eurates.test.ts > zero",
  );

  expect(
    outsideEditedTests(python, pytest, edit("tests/test_rates.py"), ["tests/test_rates.py"]),
  ).toMatchObject({
    passing: ["tests.test_rates_eu::test_zero"],
  });
  expect(
    outsideEditedTests(javascript, jest, edit("src/rates.test.ts"), ["src/rates.test.ts"]),
  ).toMatchObject({
    passing: ["src/rates.spec.ts > zero", "src/eurates.test.ts > zero"],
  });
});

test("where ids name no file, all tests of the edited file's folder count for nothing", async () => {
  const go = await createGo();
  const baseline = baselineOf("example.com/shop/rates TestZero", "example.com/shop/eurates TestZero");
  const changes = edit("rates/rates_test.go");

  expect(outsideEditedTests(go, baseline, changes, ["rates/rates_test.go"])).toMatchObject({
    passing: ["example.com/shop/eurates TestZero"],
  });
});

test("where ids tell nothing of an edited file that was run, no test counts", async () => {
  const [go, javascript] = await Promise.all([createGo(), createJavaScript()]);
  const none = { kind: "none", reason: "the patch edits the files of all tests that were run" };

  expect(outsideEditedTests(go, baselineOf("example.com/shop TestZero"), edit("rates_test.go"), [])).toEqual(
    none,
  );
  expect(
    outsideEditedTests(javascript, baselineOf("rates > zero"), edit("spec/rates.spec.js"), [
      "spec/rates.spec.js",
    ]),
  ).toEqual(none);
});

test("an edited file that was not run takes no test away", async () => {
  const javascript = await createJavaScript();
  const baseline = baselineOf("src/rates.test.ts > zero");

  expect(outsideEditedTests(javascript, baseline, edit("src/other.test.ts"), ["src/rates.test.ts"])).toBe(
    baseline,
  );
});
