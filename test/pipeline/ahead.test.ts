import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { ahead } from "../../src/pipeline/ahead.ts";
import { execute } from "../../src/pipeline/execute.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { SandboxJob, SandboxSession } from "../../src/ports/sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const job: SandboxJob = { label: "j", files: [], commands: [{ script: "s", timeoutMs: 1, report: null }] };

/** A sandbox whose jobs end when they are told to. */
async function slowStage() {
  const { context, sandbox } = await makeStage();
  const running: { readonly spareUntil: AbortSignal | undefined; readonly end: () => void }[] = [];
  const session: SandboxSession = {
    ...context.sandbox,
    async run(one, signal) {
      await new Promise<void>((resolve, reject) => {
        running.push({ spareUntil: one.spareUntil, end: resolve });
        signal.addEventListener("abort", () => reject(new RepairError("cancelled", "called off")));
      });
      return context.sandbox.run(one, signal);
    },
  };
  return { context: { ...context, sandbox: session }, running, sandbox };
}

const begin = (context: StageContext) => ahead(context, (early) => execute(early, job));
const later = () => new Promise(setImmediate);

test("an execution begun ahead is not begun again for whoever needs it", async () => {
  const { context, running, sandbox } = await slowStage();
  const early = begin(context);
  await later();
  expect(running[0]?.spareUntil?.aborted).toBe(false);

  early.need();
  const needed = execute(context, job);
  expect(running[0]?.spareUntil?.aborted).toBe(true);
  running[0]?.end();

  expect(await needed).toMatchObject([{ kind: "exited" }]);
  expect([running.length, sandbox.jobs.length]).toEqual([1, 1]);
});

test("an execution that is called off is begun again for whoever needs it", async () => {
  const { context, running } = await slowStage();
  const early = begin(context);
  await later();
  const needed = execute(context, job);

  await early.callOff();
  await later();
  running[1]?.end();

  expect(await needed).toMatchObject([{ kind: "exited" }]);
});

test("a sandbox that breaks is news for whoever needs the execution, and for nobody else", async () => {
  const { context } = await makeStage();
  const run = (): Promise<never> => Promise.reject(new RepairError("sandbox-failed", "the engine is gone"));
  const broken = { ...context, sandbox: { ...context.sandbox, run } };

  await begin(broken).ended;

  await expect(execute(broken, job)).rejects.toMatchObject({ code: "sandbox-failed" });
});
