import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Completion } from "../../../src/domain/transcript.ts";
import { createFileJournal } from "../../../src/eval/cli/file-journal.ts";
import { costOfStep } from "../../../src/eval/cli/step-cost.ts";
import { exited } from "../../fakes/fake-sandbox.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-cost-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const answer: Completion = {
  text: "yes",
  reasoning: "",
  finish: "stop",
  model: "m",
  usage: { prompt: 30, completion: 4, estimated: false },
  milliseconds: 2500,
};
const none = { promptTokens: 0, answerTokens: 0, modelSeconds: 0, sandboxSeconds: 0 };

test.each([
  ["sample/generate/0/0", answer, { ...none, promptTokens: 30, answerTokens: 4, modelSeconds: 2.5 }],
  ["execute/baseline", [exited(0), exited(1)], { ...none, sandboxSeconds: 0.002 }],
  ["execute/baseline", [{ kind: "not-started", reason: "no" }], none],
  ["publish", {}, none],
])("the step %s costs what its value says", (name, value, spent) => {
  expect(costOfStep(name, value)).toEqual(spent);
});

test("a step counts once, however often it is asked for, and also when an earlier process worked it out", async () => {
  const ask = (journal: ReturnType<typeof createFileJournal>) =>
    journal.step("sample/generate/0/0", {}, z.unknown(), () => Promise.resolve(answer));
  const [first, second] = [createFileJournal(folder), createFileJournal(folder)];

  await Promise.all([ask(first), ask(first)]);
  await ask(second);

  expect(first.spent()).toMatchObject({ answerTokens: 4, modelSeconds: 2.5 });
  expect(second.spent()).toEqual(first.spent());
});
