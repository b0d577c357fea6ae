import type * as fc from "fast-check";
import { RepairError } from "../../src/domain/errors.ts";
import type { Schedule, StageContext } from "../../src/pipeline/stage-context.ts";
import type { InferenceClient, SampleRequest } from "../../src/ports/inference-client.ts";
import type { SandboxJob } from "../../src/ports/sandbox.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { faultyLine, faultyPath, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { tests } from "./verdict-of.ts";

/** Patches by what running them shows; a class of its own each. */
export const lines = {
  good: "    return a + b",
  alsoGood: "    return b + a",
  noFix: "    return a * b",
  breaking: "    return a + b + 0",
  liar: "    return 0 + a + b",
} as const;
export type Kind = keyof typeof lines;

/** A sample's patch: its class, and a remark that is no part of what it means. */
export type Sketch = { readonly kind: Kind; readonly remark: number; readonly reasoning: number };

export const answerOf = ({ kind, remark, reasoning }: Sketch): string => {
  const line = remark === 0 ? lines[kind] : `${lines[kind]}  # ${remark}`;
  const above = remark > 2 ? "    # why\n" : "";
  return `<think>${"so ".repeat(reasoning)}</think>${editAnswer(faultyPath, faultyLine, above + line)}`;
};

const canary = {
  script: "run the tests and ours",
  report: "report",
  files: [],
  module: { path: "tests/test_ours.py", first: "all pass", second: "one fails" },
  mark: "ours::",
  passes: "ours::yes",
  fails: "ours::no",
};

const junit = (failed: readonly string[]): string => {
  const cases = ["t::a", canary.passes, canary.fails].map((id) => {
    const [module, name] = id.split("::");
    const inside = failed.includes(id) ? "<failure/>" : "";
    return `<testcase classname="${module}" name="${name}" time="1">${inside}</testcase>`;
  });
  return `<testsuites><testsuite>${cases.join("")}</testsuite></testsuites>`;
};

const holds = (job: SandboxJob, kind: Kind): boolean =>
  job.files.some(({ path, content }) => path === faultyPath && content?.includes(lines[kind]) === true);

/** Whatever a patch is called or remarks, it behaves like its class. */
const behave: Answer = (command, job) => {
  if (command.report === canary.report) {
    const second = job.files.some(({ content }) => content === canary.module.second) && !holds(job, "liar");
    const failed = [...(second ? [canary.fails] : []), ...(holds(job, "breaking") ? ["t::a"] : [])];
    return exited(failed.length === 0 ? 0 : 1, "", junit(failed));
  }
  const solved = (["good", "alsoGood", "breaking", "liar"] as const).some((kind) => holds(job, kind));
  return atItsEnd(command, exited(solved ? 0 : 1));
};

type Scene = {
  readonly samples: readonly Sketch[];
  /** What the review of each sample says, null for "Right"; none when nothing is reviewed. */
  readonly reviews: readonly (Sketch | null)[] | null;
  readonly schedule?: Schedule;
  /** Per patch and turn, what the model answers when it is shown what failed. */
  readonly feedback?: readonly (readonly Sketch[])[];
};

/** A repair of the small project in which `order` decides which call and which execution ends next. */
export async function scheduledStage(scene: Scene, order: fc.Scheduler | null) {
  const review = (sketch: Sketch | null): Reply[] =>
    once(sketch === null ? "Conclusion: Right" : `${answerOf(sketch)}\nConclusion: Wrong`);
  const replies = smallReplies({
    generate: scene.samples.map((sketch) => once(answerOf(sketch))),
    critique: (scene.reviews ?? []).map(review),
    feedback: (scene.feedback ?? []).map((turns) => turns.flatMap((one) => once(answerOf(one)))),
  });
  const stage = await makeStage({
    replies,
    answer: behave,
    ...(scene.schedule === undefined ? {} : { schedule: scene.schedule }),
    feedbackTurns: scene.feedback === undefined ? 0 : 2,
    critiqueRounds: scene.reviews === null ? 0 : 1,
  });
  const { context } = stage;
  const language = {
    ...context.language,
    planTests: () => Promise.resolve(tests.plan),
    canary: () => Promise.resolve(canary),
  };
  return {
    ...stage,
    context: order === null ? { ...context, language } : delayed({ ...context, language }, scene, order),
  };
}

/** Longer answers mostly end later, so that much may happen before the last one. */
const hopsOf = ({ samples }: Scene, { stage, index }: SampleRequest): number =>
  stage === "generate" ? 1 + 2 * (samples[index]?.reasoning ?? 0) : 1;

function delayed(context: StageContext, scene: Scene, order: fc.Scheduler): StageContext {
  const hop = async <T>(work: Promise<T>, hops: number): Promise<T> => {
    for (let left = hops; left > 0; left -= 1) await order.schedule(Promise.resolve());
    return work;
  };
  const later = <T>(work: Promise<T>, signal: AbortSignal, hops = 1): Promise<T> =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new RepairError("cancelled", "called off")));
      hop(work, hops).then(resolve, reject);
    });
  const { inference, sandbox } = context;
  const sample: InferenceClient["sample"] = (request, signal) =>
    later(inference.sample(request, signal), signal, hopsOf(scene, request));
  return {
    ...context,
    inference: {
      ...inference,
      sample,
      sampleMany: (requests, signal) => requests.map((request) => sample(request, signal)),
    },
    sandbox: { ...sandbox, run: (job, signal) => later(sandbox.run(job, signal), signal) },
  };
}
