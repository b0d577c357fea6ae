import { afterAll, describe, expect, test, vi } from "vitest";
import type { TestReport } from "../../src/domain/execution.ts";
import { createJavaScript } from "../../src/languages/javascript/javascript.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import type { Sandbox } from "../../src/ports/sandbox.ts";
import { never, openSession } from "../contracts/sandbox-subject.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";
import { image, noBubblewrap, noEngine, realBubblewrap, realDocker } from "../fixtures/real-runs.ts";

// Five thousand tests take seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

/** Ten files with five hundred tests each; one of every thousand fails. */
const suite = (
  name: (file: number) => string,
  head: string,
  one: (id: number, right: boolean) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    numbers(10).map((file) => {
      const ids = numbers(500).map((number) => file * 500 + number);
      return [name(file), head + ids.map((id) => one(id, id % 1000 !== 999)).join("")];
    }),
  );

const pytestSuite = suite(
  (file) => `tests/test_part${file}.py`,
  "",
  (id, right) => `def test_n${id}():\n    assert ${id} ${right ? "==" : "!="} ${id}\n\n`,
);

const nodeSuite = {
  "package.json": JSON.stringify({ scripts: { test: "node --test" } }),
  ...suite(
    (file) => `test/part${file}.test.js`,
    'const { test } = require("node:test");\nconst assert = require("node:assert");\n',
    (id, right) =>
      `test("number ${id}", () => assert.${right ? "strictEqual" : "notStrictEqual"}(${id}, ${id}));\n`,
  ),
};

async function reportOf(
  sandbox: Sandbox,
  language: Language,
  files: Readonly<Record<string, string>>,
): Promise<TestReport> {
  const selection = { suspects: [], command: null, maxFiles: 10 };
  const plan = await language.planTests(memoryCheckout(files), selection);
  if (plan === null) throw new Error("no tests were found");
  const session = await openSession(sandbox, { files }, { memoryMb: 1024 });
  const commands = [{ script: plan.script, timeoutMs: 100_000, report: plan.report }];
  const [outcome] = await session.run({ label: "suite", files: plan.files, commands }, never());
  return language.readTestReport(outcome ?? { kind: "not-started", reason: "no outcome" });
}

const summaryOf = ({ results, crashed }: TestReport) => ({
  crashed,
  tests: new Set(results.map(({ id }) => id)).size,
  failed: results.filter(({ status }) => status === "failed").map(({ id }) => Number(/\d+$/.exec(id)?.[0])),
});

const everything = { crashed: null, tests: 5000, failed: [999, 1999, 2999, 3999, 4999] };

describe.skipIf(noEngine())(`a suite of five thousand tests (needs a Docker engine with ${image})`, () => {
  const docker = realDocker();
  afterAll(docker.remove);

  test("of pytest is run and every result is read", async () => {
    const report = await reportOf(docker.sandbox, await createPython(), pytestSuite);

    expect(summaryOf(report)).toEqual(everything);
  });
});

describe.skipIf(noBubblewrap())("a suite of five thousand tests (needs bubblewrap)", () => {
  const bubblewrap = realBubblewrap();
  afterAll(bubblewrap.remove);

  test("of node:test is run and every result is read", async () => {
    const report = await reportOf(bubblewrap.sandbox, await createJavaScript(), nodeSuite);

    expect(summaryOf(report)).toEqual(everything);
  });
});
