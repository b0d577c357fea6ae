import { describe, expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { openContest, type Round } from "../../src/pipeline/contest.ts";
import { judge } from "../../src/pipeline/judge.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import { knownMeasures } from "../../src/pipeline/validate.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import type { SandboxJob, SandboxSession } from "../../src/ports/sandbox.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { judgement, once } from "../fixtures/model-answers.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { poc, tests } from "./verdict-of.ts";
import { endOf, ended, written } from "./written.ts";

const contestIn = (context: StageContext) =>
  openContest(context, knownMeasures([], tests), createSourceReader(context.checkout));

const shownBy = (jobs: readonly SandboxJob[]) =>
  jobs.flatMap(({ files }) => files.map((file) => file.content));

/** Rejects when the signal aborts, like every port that is waiting. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(new RepairError("cancelled", "called off"))),
  );

test("samples of one class with the same text are executed once, whoever stands for them", async () => {
  const { context, sandbox } = await makeStage();
  const contest = contestIn(context);

  await contest.run(ended(written(0, "k"), written(1, "k", { text: "k", characters: 5 })));

  expect(new Set(sandbox.jobs.map(({ label }) => label)).size).toBe(sandbox.jobs.length);
  expect(contest.candidates()).toMatchObject([{ id: "k", samples: ["generate/0/0", "generate/1/0"] }]);
});

test("a plainer sample that comes later takes over, and what was begun for the other one is called off", async () => {
  const { context, sandbox } = await makeStage();
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const aborted: string[] = [];
  const session: SandboxSession = {
    ...context.sandbox,
    run(job, signal) {
      if (!shownBy([job]).includes("noisy\n")) return context.sandbox.run(job, signal);
      begun();
      signal.addEventListener("abort", () => aborted.push(job.label));
      return untilAborted(signal);
    },
  };
  const contest = contestIn({ ...context, sandbox: session });
  const round: Round = {
    samples: 2,
    async write(onEnd) {
      onEnd(endOf(written(0, "k", { text: "noisy", size: 9 })), 0);
      await hasBegun;
      onEnd(endOf(written(1, "k", { text: "plain" })), 1);
    },
  };

  await contest.run(round);

  expect(aborted).toEqual(["candidate/k/tests"]);
  expect(new Set(shownBy(sandbox.jobs))).toEqual(new Set(["plain\n"]));
  expect(contest.contestants()).toMatchObject([
    { candidate: { patch: "plain", samples: ["generate/0/0", "generate/1/0"] }, judged: { size: 2 } },
  ]);
});

test("a judge that two candidates wait for answers the one when the other is called off", async () => {
  const replies = smallReplies({ "judge-fix": [once(judgement("yes"))] });
  const { context } = await makeStage({ replies });
  const calledOff = new AbortController();
  let calls = 0;
  const inference: InferenceClient = {
    ...context.inference,
    sample(request, signal) {
      calls += 1;
      return calls === 1 ? untilAborted(signal) : context.inference.sample(request, signal);
    },
  };
  const question = {
    issue_description: "i",
    poc_code: "p",
    old_execution_output: "o",
    new_execution_output: "n",
  };
  const one = judge({ ...context, inference, signal: calledOff.signal }, "judge-fix", question);
  const other = judge({ ...context, inference }, "judge-fix", question);

  calledOff.abort();

  await expect(one).rejects.toMatchObject({ code: "cancelled" });
  expect((await other).judgement).toBe("yes");
});

describe("with two scripts", () => {
  /** Jobs of which `hangs` is true run until they are called off; of the class `wrong` the first script fails. */
  async function twoScripts(hangs: (job: SandboxJob) => boolean) {
    const solved: Answer = (command, job) =>
      atItsEnd(command, exited(shownBy([job]).includes("wrong\n") ? 1 : 0, "", passed));
    const { context } = await makeStage({ answer: solved });
    const calledOff: string[] = [];
    const session: SandboxSession = {
      ...context.sandbox,
      run(job, signal) {
        if (!hangs(job)) return context.sandbox.run(job, signal);
        signal.addEventListener("abort", () => calledOff.push(job.label));
        return untilAborted(signal);
      },
    };
    const pocs = [poc("asserting-1", "asserting"), poc("asserting-2", "asserting")];
    const { checkout } = context;
    const slow = { ...context, sandbox: session };
    const contest = openContest(slow, knownMeasures(pocs, tests), createSourceReader(checkout));
    return { contest, calledOff };
  }
  const passed = '<testsuite><testcase classname="t" name="a" time="1"/></testsuite>';
  const right = [written(3, "right"), written(4, "right")];
  const wrong = [written(0, "wrong"), written(1, "wrong"), written(2, "wrong")];

  test("nobody waits for the rest of a candidate that failed one, however many votes it has", async () => {
    const { contest, calledOff } = await twoScripts(({ label }) => label.endsWith("wrong/pocs/asserting-2"));

    await contest.run(ended(...wrong, ...right));

    expect(contest.contestants().map(({ candidate }) => candidate.id)).toEqual(["right"]);
    expect(calledOff).toContain("candidate/wrong/pocs/asserting-2");
  });

  test("tests that were begun ahead are called off for a candidate that fails both", async () => {
    const { contest, calledOff } = await twoScripts(({ label }) => label.startsWith("candidate/wrong/tests"));

    await contest.run(ended(...wrong));

    expect(contest.contestants().map(({ judged }) => judged.verdict.tests.kind)).toEqual(["not-run"]);
    expect(calledOff).toEqual(["candidate/wrong/tests"]);
  });
});

test("an execution that breaks ends the contest with its error", async () => {
  const { context } = await makeStage();
  const run = (): Promise<never> => Promise.reject(new RepairError("sandbox-failed", "the engine is gone"));
  const contest = contestIn({ ...context, sandbox: { ...context.sandbox, run } });

  await expect(contest.run(ended(written(0, "k")))).rejects.toMatchObject({ code: "sandbox-failed" });
});
