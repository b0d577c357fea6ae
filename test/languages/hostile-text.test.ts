import { describe, expect, test } from "vitest";
import { createGo } from "../../src/languages/go/go.ts";
import { createJava } from "../../src/languages/java/java.ts";
import { createJavaScript } from "../../src/languages/javascript/javascript.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";
import { asyncGrowth, growth } from "../fixtures/growth.ts";

const [go, java, javascript, python] = await Promise.all([
  createGo(),
  createJava(),
  createJavaScript(),
  createPython(),
]);

const lines = (size: number): string => "\n".repeat(size);
const size = 3_000;

/** Less than the 16 of quadratic time. */
const linear = 9;

const failed = (stderr: string) =>
  ({ kind: "exited", exitCode: 1, stdout: "", stderr, cut: false, durationMs: 1, report: null }) as const;

describe("text of the repository or of a model costs linear time", () => {
  test.each<[string, (size: number) => unknown]>([
    ["a structure with blank lines", (of) => javascript.structure(lines(of))],
    [
      "the white space of JSX",
      (of) => javascript.normalForm(`export const a = <p>x${" ".repeat(of)}y</p>;\n`),
    ],
    ["blank lines on standard error", (of) => javascript.pocBroken(failed(lines(of)))],
    [
      "the script's name without its end on standard error",
      (of) => javascript.pocBroken(failed(`x\n    at /${"copatcher-poc-".repeat(of / 4)}`)),
    ],
    [
      "a PoC's import of nothing",
      (of) => javascript.poc({ name: "a", source: `x(1, from${" ".repeat(of)});`, nonce: "n" }),
    ],
  ])("in %s", (_, read) => {
    expect(growth(read, size)).toBeLessThan(linear);
  });

  test.each<[string, Language, string, Readonly<Record<string, string>>]>([
    ["a go.mod", go, "go.mod", { "a_test.go": "package a\n" }],
    ["a test of Java", java, "src/test/java/ATest.java", { "pom.xml": "<project/>" }],
    ["a test of Python", python, "tests/test_a.py", {}],
  ])("in a plan with blank lines in %s", async (_, language, path, files) => {
    const plan = (of: number) =>
      language.planTests(memoryCheckout({ ...files, [path]: lines(of) }), {
        suspects: [],
        command: null,
        maxFiles: 20,
      });

    expect(await asyncGrowth(plan, size)).toBeLessThan(linear);
  });

  test("in a set-up with blank lines in a test of Python", async () => {
    const plan = (of: number) =>
      python.planSetup(memoryCheckout({ "requirements.txt": "", "tests/test_a.py": lines(of) }));

    expect(await asyncGrowth(plan, size)).toBeLessThan(linear);
  });

  test("in a canary beside a JavaScript test of blank lines", async () => {
    const files = { "package.json": '{"scripts":{"test":"mocha"}}' };
    const plan = async (of: number) => {
      const checkout = memoryCheckout({ ...files, "a.test.js": lines(of) });
      const tests = await javascript.planTests(checkout, { suspects: [], command: null, maxFiles: 20 });
      return tests && javascript.canary(checkout, tests, "token");
    };

    expect(await asyncGrowth(plan, size)).toBeLessThan(linear);
  });

  test("in a canary beside a Java test of blank lines", async () => {
    const plan = async (of: number) => {
      const checkout = memoryCheckout({ "pom.xml": "<project/>", "src/test/java/ATest.java": lines(of) });
      const tests = await java.planTests(checkout, { suspects: [], command: null, maxFiles: 20 });
      return tests && java.canary(checkout, tests, "token");
    };

    expect(await asyncGrowth(plan, size)).toBeLessThan(linear);
  });
});
