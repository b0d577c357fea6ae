import { expect, test } from "vitest";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { executionKind } from "../../src/domain/record/execution-event.ts";
import type { RecordEvent } from "../../src/domain/record/event.ts";
import { execute } from "../../src/pipeline/execute.ts";
import type { RunRecord } from "../../src/ports/run-record.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const report = `<testsuite><testcase classname="tests.test_a" name="test_one" time="0.5"/>
<testcase classname="tests.test_a" name="test_two" time="0.1"><failure message="no"/></testcase></testsuite>`;

const files = [{ place: "tree" as const, path: "a.py", content: "a = 1\n" }];

async function recorded(label: string): Promise<RecordEvent> {
  const events: RecordEvent[] = [];
  const record: RunRecord = {
    note: async (_, describe) => {
      events.push(describe((text) => ({ sha256: sha256(text), bytes: text.length })));
    },
    flush: async () => {},
  };
  const { context } = await makeStage({ answer: () => ({ ...exited(1), report, stdout: "out" }) });
  await execute(
    { ...context, record },
    { label, files, commands: [{ script: "t", timeoutMs: 1, report: "r" }] },
  );
  const [event] = events;
  if (event === undefined) throw new Error("nothing was recorded");
  return event;
}

test("a test run is recorded with its command, its files' hashes, its streams and each test's result", async () => {
  expect(await recorded("candidate/abc/tests-again")).toMatchObject({
    kind: "execution",
    what: "candidate-tests",
    files: [{ place: "tree", path: "a.py", sha256: sha256("a = 1\n") }],
    commands: [
      {
        script: "t",
        outcome: {
          ended: "exited",
          exitCode: 1,
          stdout: { sha256: sha256("out") },
          report: { sha256: sha256(report) },
        },
        tests: [
          { id: expect.stringContaining("test_one") as string, status: "passed" },
          { id: expect.stringContaining("test_two") as string, status: "failed" },
        ],
      },
    ],
  });
});

test("a script's report, which is no list of tests, is not read as one", async () => {
  expect(await recorded("candidate/abc/pocs")).toMatchObject({
    what: "candidate-pocs",
    commands: [{ tests: null }],
  });
});

test.each([
  ["poc/asserting-1/0", "poc"],
  ["poc-confirm/printing-2/3", "poc"],
  ["baseline/1", "baseline"],
  ["baseline-without/2", "baseline"],
  ["candidate/a7c6/pocs", "candidate-pocs"],
  ["candidate/a7c6/tests/second", "candidate-tests"],
  ["environment/toolchain", "other"],
])("what is executed as %s is of the kind %s", (label, kind) => {
  expect(executionKind(label)).toBe(kind);
});
