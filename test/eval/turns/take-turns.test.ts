import { describe, expect, test } from "vitest";
import { readCase } from "../../../src/eval/suite/case.ts";
import { takeTurns } from "../../../src/eval/turns/take-turns.ts";
import { solvedAt, type Turns } from "../../../src/eval/turns/turns.ts";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { exited, type Answer } from "../../fakes/fake-sandbox.ts";
import { editAnswer, once } from "../../fixtures/model-answers.ts";
import {
  faultyLine,
  faultyPath,
  rightEdit,
  rightLine,
  smallProject,
  smallReplies,
} from "../../fixtures/small-project.ts";
import { makeStage } from "../../fixtures/stage-context.ts";
import { caseFile } from "../suite/fixtures.ts";

const before = smallProject[faultyPath] ?? "";
const name = "tests/test_core.py::test_two";
const one = readCase(
  JSON.stringify({
    ...caseFile(),
    patch: unifiedDiff([{ path: faultyPath, before, after: before.replace(faultyLine, rightLine) }]),
    test_patch: "",
    FAIL_TO_PASS: [name],
    PASS_TO_PASS: [],
    run: { ...caseFile().run, parser: "pytest", test_command: "python3 -m pytest -rA" },
  }),
  "case",
);

const summary = "== short test summary info ==";
const decides: Answer = (_, { files }) => {
  const right = files.some(({ content }) => content?.includes("a + b") === true);
  return right
    ? exited(0, `${summary}\nPASSED ${name}\n`)
    : exited(1, `E   AssertionError: 0\n${summary}\nFAILED ${name} - no\n`);
};
const wrongEdit = editAnswer(faultyPath, faultyLine, "    return a * b");

async function taken(generate: string, feedback: readonly string[], turns = 5) {
  const stage = await makeStage({
    replies: smallReplies({
      generate: [once(generate)],
      feedback: [feedback.map((text) => ({ text }))],
    }),
    answer: decides,
  });
  const came = await takeTurns(stage.context, one.truth, { turns, sample: 0 });
  if ("why" in came) throw new Error(came.why);
  return { ...stage, turns: came, asked: stage.asked };
}

const ends = ({ taken: all }: Turns) => all.map(({ solved, rejected }) => [solved, rejected]);

describe("the turns of a case", () => {
  test("end with the first right answer", async () => {
    const { turns, asked, sandbox } = await taken(rightEdit, [wrongEdit]);

    expect(solvedAt(turns)).toBe(1);
    expect(ends(turns)).toEqual([[true, null]]);
    expect(turns.taken[0]?.functions).toBe(turns.reference);
    expect(asked).toHaveLength(1);
    expect(sandbox.jobs.flatMap(({ commands }) => commands)).toMatchObject([
      { script: "python3 -m pytest -rA", timeoutMs: 900_000 },
    ]);
  });

  test("go on in one conversation that is told how the tests failed", async () => {
    const { turns, asked } = await taken(wrongEdit, ["No idea.", rightEdit]);
    const said = asked.at(-1)?.messages ?? [];

    expect(solvedAt(turns)).toBe(3);
    expect(ends(turns)).toEqual([
      [false, null],
      [false, expect.any(String)],
      [true, null],
    ]);
    expect(said.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant", "user"]);
    expect(said[2]?.content).toContain(JSON.stringify([name]));
    expect(said[2]?.content).toContain("AssertionError: 0");
    expect(said[4]?.content).toContain("Your answer is no patch");
    expect(asked.map(({ continues }) => continues)).toEqual([null, "generate/0/0", "feedback/0/0"]);
  });

  test("are as many as the table allows, and keep why the last one failed", async () => {
    const { turns } = await taken(wrongEdit, [wrongEdit, rightEdit], 2);

    expect(solvedAt(turns)).toBeNull();
    expect(turns.taken).toHaveLength(2);
    expect(turns.taken[1]?.failure).toMatchObject({ timedOut: false, collected: true });
  });

  test("end where the model does not answer", async () => {
    const { turns } = await taken(wrongEdit, []);

    expect(ends(turns)).toEqual([
      [false, null],
      [false, expect.any(String)],
    ]);
  });
});

test("says why a case cannot be asked so", async () => {
  const { context } = await makeStage();
  const other = { ...one.truth, fix: "--- /dev/null\n+++ b/calc/new.py\n@@ -0,0 +1 @@\n+x = 1\n" };

  expect(await takeTurns(context, other, { turns: 1, sample: 0 })).toEqual({
    why: "its fix changes no function that was there before",
  });
});
