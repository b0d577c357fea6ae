import { expect, test } from "vitest";
import type { RepairError } from "../../src/domain/errors.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { once, scriptAnswer } from "../fixtures/model-answers.ts";
import { faultyPath, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const fixedByPatch: Answer = (command, job) =>
  atItsEnd(command, exited(job.label.startsWith("candidate/") ? 0 : 1));

test("a validation model that refuses while files are still located ends the repair and nothing else", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  const { context } = await makeStage({
    replies: smallReplies({
      "localize-files": [once(faultyPath, { delayMs: 5_000 })],
      "poc-asserting": [once(scriptAnswer("assert False"), { fault: "http-401" })],
    }),
  });
  const started = Date.now();

  const ended = await repair(context).catch((error: RepairError) => error.code);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);

  expect({ ended, unhandled }).toEqual({ ended: "inference-misconfigured", unhandled: [] });
  expect(Date.now() - started).toBeLessThan(4_000);
});

test("a resumed repair asks nothing again, also when the server does not tell its window any more", async () => {
  const { context, asked } = await makeStage({ answer: fixedByPatch });
  await repair(context);
  const before = asked.length;

  await repair({ ...context, inference: { ...context.inference, window: () => Promise.resolve(2_048) } });

  expect(asked.length).toBe(before);
});

test("what another sandbox executed is not taken for this one's evidence", async () => {
  const { context, sandbox } = await makeStage();
  await repair(context);
  const before = sandbox.jobs.length;

  await repair({ ...context, isolation: "another sandbox" });

  expect(sandbox.jobs.length).toBe(2 * before);
});

test("an answer that is read again from the journal was paid for once", async () => {
  const { context } = await makeStage();
  const first = await repair(context);
  const again = await repair(context);

  expect(again.evidence.usage).toEqual(first.evidence.usage);
});
