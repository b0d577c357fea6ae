import type { Candidate } from "../domain/candidate.ts";
import type { FileChange } from "../domain/edit.ts";
import { patchSize } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import { rank, type JudgedCandidate } from "../domain/ranking.ts";
import type { PocResult, TestVerdict } from "../domain/verdict.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import type { TestBase } from "./baseline.ts";
import { notRun } from "./execute.ts";
import { judgePoc } from "./judge-fix.ts";
import { confirmTests, isClean, judgeTests, type Subject, type TestedOnce } from "./judge-tests.ts";
import { runPocsPatiently } from "./run-pocs.ts";
import type { Patched } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** A candidate with its verdict so far, and what a second run of its tests needs; null when there was no first. */
type Checked = {
  readonly judged: JudgedCandidate;
  readonly tested: { readonly subject: Subject; readonly once: TestedOnce } | null;
};

/**
 * Every distinct candidate in a fresh copy of the base commit: each confirmed PoC, then the repository's tests, then
 * the verdicts; at last the second run of whoever leads. The order of the result is that of `candidates`.
 */
export async function validate(
  context: StageContext,
  candidates: readonly Candidate[],
  pocs: readonly Poc[],
  tests: TestBase,
): Promise<readonly JudgedCandidate[]> {
  let done = 0;
  const checked = await Promise.all(
    candidates.map(async (candidate) => {
      const result = await validateOne(context, candidate, pocs, tests);
      done += 1;
      context.progress({ stage: "validate", text: "executing candidates", done, total: candidates.length });
      return result;
    }),
  );
  return confirmLeader(context, checked, tests);
}

/** PoCs first: they are cheap, and a candidate that fixes none of them needs no test run. */
async function validateOne(
  context: StageContext,
  candidate: Candidate,
  pocs: readonly Poc[],
  tests: TestBase,
): Promise<Checked> {
  const judged = (results: readonly PocResult[], verdict: TestVerdict): JudgedCandidate => ({
    candidate,
    verdict: { candidate: candidate.id, pocs: results, tests: verdict },
    size: patchSize(candidate.changes),
  });
  const { id, changes } = candidate;
  const place = await context.environments.placeFor(changes);
  if (place.kind === "unable") {
    const { reason } = place;
    const unclear = pocs.map((poc) => nothingShown(poc, reason));
    return { judged: judged(unclear, { kind: "not-run", because: "cannot-run", reason }), tested: null };
  }

  const patched: Patched = {
    files: patchedFiles(changes),
    ...(place.kind === "layer" ? { environment: place.reference } : {}),
  };
  const scripts = pocs.map((poc) => ({ name: poc.id, source: poc.source }));
  const ended = await runPocsPatiently(context, `candidate/${id}/pocs`, scripts, patched);
  const results = await Promise.all(
    pocs.map((poc, i) => judgePoc(context, poc, ended[i] ?? { outcome: notRun, end: null })),
  );
  const hopeless = results.length > 0 && results.every((poc) => poc.result !== "fixed");
  const reason = "no script says that the candidate fixes the issue";
  if (hopeless) {
    return { judged: judged(results, { kind: "not-run", because: "fails-every-poc", reason }), tested: null };
  }
  const subject = { id, changes, patched };
  const once = await judgeTests(context, tests, subject);
  return { judged: judged(results, once.verdict), tested: { subject, once } };
}

const nothingShown = (poc: Poc, reason: string): PocResult => ({
  poc: poc.id,
  result: "inconclusive",
  judgedBy: "rule",
  outcome: { kind: "not-started", reason },
  reason,
});

/**
 * The second run costs as much as the first, so it is made for the candidate that would be chosen, and for the next one
 * when that one fails it.
 */
async function confirmLeader(
  context: StageContext,
  checked: readonly Checked[],
  tests: TestBase,
): Promise<readonly JudgedCandidate[]> {
  const judged = new Map(checked.map((one) => [one.judged.candidate.id, one.judged]));
  const open = new Map(
    checked.flatMap(({ judged: { candidate }, tested }) =>
      tested === null ? [] : [[candidate.id, tested] as const],
    ),
  );
  for (;;) {
    const [leader] = rank([...judged.values()], context.rankingMethod).ordered;
    const tested = leader === undefined ? undefined : open.get(leader.candidate.id);
    if (leader === undefined || tested === undefined || !isClean(leader.verdict.tests)) break;
    const { candidate, verdict } = leader;
    open.delete(candidate.id);
    const confirmed = await confirmTests(context, tests, tested.subject, tested.once);
    judged.set(candidate.id, { ...leader, verdict: { ...verdict, tests: confirmed } });
  }
  return [...judged.values()];
}

const patchedFiles = (changes: readonly FileChange[]): readonly SandboxFile[] =>
  changes.map((change) => ({ place: "tree", path: change.path, content: change.after }));
