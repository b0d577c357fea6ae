import type { Candidate } from "../../src/domain/candidate.ts";
import type { Poc, PocKind } from "../../src/domain/poc.ts";
import type { TestBase } from "../../src/pipeline/baseline.ts";
import type { SettingsValues } from "../../src/domain/settings.ts";
import type { CandidatePlace } from "../../src/pipeline/stage-context.ts";
import { confirm, needsSecondRun, knownMeasures, validate } from "../../src/pipeline/validate.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { faultyPath, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

/** One that changes the small project's fault. */
export const candidate: Candidate = {
  id: "abc",
  changes: [{ path: faultyPath, before: "a\n", after: "b\n" }],
  patch: "",
  samples: ["generate/0/0"],
  refines: null,
  restored: [],
};

export const poc = (id: string, kind: PocKind): Poc => ({
  id,
  kind,
  source: "print(1)",
  baseline: exited(kind === "asserting" ? 1 : 0, "wrong\n"),
  reachedEnd: false,
  attempts: 1,
  sourceSample: "poc",
});

/** Tests that were green on the base commit, without a canary. */
export const tests: TestBase = {
  plan: { command: "pytest", script: "run the tests", report: "report", files: [], selected: [] },
  canary: null,
  baseline: {
    kind: "ran",
    command: "pytest",
    passing: ["t::a"],
    failing: [],
    flaky: [],
    seconds: 1,
    withoutCanary: null,
    exitStatusCounts: true,
    note: null,
  },
};

/** The candidate's verdict where commands end as `answer` says, and what was run and asked for it. */
export async function verdictOf(
  pocs: readonly Poc[],
  answer: Answer,
  judge: Reply[] = [],
  change: {
    readonly tests?: TestBase;
    readonly place?: CandidatePlace;
    readonly candidate?: Candidate;
    readonly settings?: SettingsValues;
  } = {},
) {
  const { place, settings } = change;
  const stage = await makeStage({ answer, replies: smallReplies({ "judge-fix": [judge] }), settings });
  const context =
    place === undefined
      ? stage.context
      : { ...stage.context, environments: { placeFor: () => Promise.resolve(place) } };
  const measures = knownMeasures(pocs, change.tests ?? tests);
  const checked = await validate(context, change.candidate ?? candidate, measures);
  const confirmed = needsSecondRun(checked)
    ? await confirm(context, checked, measures)
    : checked.verdict.tests;
  return {
    verdict: { ...checked.verdict, tests: confirmed },
    labels: stage.sandbox.jobs.map((job) => job.label),
    jobs: stage.sandbox.jobs,
    asked: stage.asked,
  };
}
