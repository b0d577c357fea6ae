import type { Candidate } from "../domain/candidate.ts";
import type { FileChange } from "../domain/edit.ts";
import { patchSize } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import type { JudgedCandidate } from "../domain/ranking.ts";
import { compareWithBaseline, withoutFlaky } from "../domain/test-verdict.ts";
import type { PocResult, TestVerdict } from "../domain/verdict.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import type { TestBase } from "./baseline.ts";
import { outsideEditedTests } from "./edited-tests.ts";
import { execute, notRun } from "./execute.ts";
import { judgePoc } from "./judge-fix.ts";
import { pocTimeoutMs } from "./reproduce.ts";
import { runTests, type Patched } from "./run-tests.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

/**
 * Every distinct candidate in a fresh copy of the base commit: each confirmed PoC, then the repository's tests, then
 * the verdicts. Suspicious test runs are made once more. The order of the result is that of `candidates`.
 */
export async function validate(
  context: StageContext,
  candidates: readonly Candidate[],
  pocs: readonly Poc[],
  tests: TestBase,
): Promise<readonly JudgedCandidate[]> {
  let done = 0;
  return Promise.all(
    candidates.map(async (candidate) => {
      const judged = await validateOne(context, candidate, pocs, tests);
      done += 1;
      context.progress({ stage: "validate", text: "executing candidates", done, total: candidates.length });
      return judged;
    }),
  );
}

/** PoCs first: they are cheap, and a candidate that fixes none of them needs no test run. */
async function validateOne(
  context: StageContext,
  candidate: Candidate,
  pocs: readonly Poc[],
  tests: TestBase,
): Promise<JudgedCandidate> {
  const judged = (results: readonly PocResult[], verdict: TestVerdict): JudgedCandidate => ({
    candidate,
    verdict: { candidate: candidate.id, pocs: results, tests: verdict },
    size: patchSize(candidate.changes),
  });
  const place = await context.environments.placeFor(candidate.changes);
  if (place.kind === "unable") {
    const { reason } = place;
    const unclear = pocs.map((poc) => nothingShown(poc, reason));
    return judged(unclear, { kind: "not-run", because: "cannot-run", reason });
  }

  const patched: Patched = {
    files: patchedFiles(candidate.changes),
    ...(place.kind === "layer" ? { environment: place.reference } : {}),
  };
  const results = await runPocs(context, candidate, pocs, patched);
  const hopeless = results.length > 0 && results.every((poc) => poc.result !== "fixed");
  const reason = "no script says that the candidate fixes the issue";
  return hopeless
    ? judged(results, { kind: "not-run", because: "fails-every-poc", reason })
    : judged(results, await judgeTests(context, candidate, tests, patched));
}

const nothingShown = (poc: Poc, reason: string): PocResult => ({
  poc: poc.id,
  result: "inconclusive",
  judgedBy: "rule",
  outcome: { kind: "not-started", reason },
  reason,
});

async function runPocs(
  context: StageContext,
  candidate: Candidate,
  pocs: readonly Poc[],
  patched: Patched,
): Promise<readonly PocResult[]> {
  if (pocs.length === 0) return [];
  const label = `candidate/${candidate.id}/pocs`;
  const runs = pocs.map(({ id, source }) => {
    const nonce = nonceOf(context.runId, `${label}/${id}`);
    return { nonce, ...context.language.poc({ name: id, source, nonce }) };
  });
  const helpers = new Map(runs.flatMap(({ files }) => files.map((file) => [file.path, file])));
  const outcomes = await execute(context, {
    ...patched,
    label,
    files: [...patched.files, ...helpers.values()],
    commands: runs.map(({ script, report, input }) => ({ script, timeoutMs: pocTimeoutMs, report, input })),
  });
  return Promise.all(
    pocs.map((poc, i) => judgePoc(context, poc, outcomes[i] ?? notRun, runs[i]?.nonce ?? null)),
  );
}

async function judgeTests(
  context: StageContext,
  candidate: Candidate,
  tests: TestBase,
  patched: Patched,
): Promise<TestVerdict> {
  const { plan, canary } = tests;
  const baseline = outsideEditedTests(
    context.language,
    tests.baseline,
    candidate.changes,
    plan?.selected ?? [],
  );
  if (plan === null || baseline.kind === "none") return compareWithBaseline(baseline, noRuns);
  const check = async (label: string): Promise<TestVerdict> =>
    compareWithBaseline(
      baseline,
      await runTests(context, plan, canary, `candidate/${candidate.id}/${label}`, patched),
    );
  const verdict = await check("tests");
  const suspicious = verdict.kind !== "ran" || verdict.regressions.length > 0;
  return suspicious ? withoutFlaky(verdict, await check("tests-again")) : verdict;
}

const noRuns = { real: { results: [], crashed: null }, second: null };

const patchedFiles = (changes: readonly FileChange[]): readonly SandboxFile[] =>
  changes.map((change) => ({ place: "tree", path: change.path, content: change.after }));
