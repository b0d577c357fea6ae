import type { Candidate } from "../domain/candidate.ts";
import type { FileChange } from "../domain/edit.ts";
import { patchSize } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import type { JudgedCandidate } from "../domain/ranking.ts";
import { compareWithBaseline, withoutFlaky } from "../domain/test-verdict.ts";
import type { PocResult, TestVerdict } from "../domain/verdict.ts";
import type { SandboxFile } from "../ports/sandbox.ts";
import { runTestPlan, type TestBase } from "./baseline.ts";
import { execute, notRun } from "./execute.ts";
import { judgePoc } from "./judge-fix.ts";
import { pocTimeoutMs } from "./reproduce.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

/**
 * Every distinct candidate in a fresh copy of the base commit: each confirmed PoC, then the repository's tests, then
 * the verdicts. Suspected regressions get one more run. The order of the result is that of `candidates`.
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
  const results = await runPocs(context, candidate, pocs);
  const hopeless = results.length > 0 && results.every((poc) => poc.result !== "fixed");
  const verdict: TestVerdict = hopeless
    ? {
        kind: "not-run",
        because: "fails-every-poc",
        reason: "no script says that the candidate fixes the issue",
      }
    : await runTests(context, candidate, tests);
  return {
    candidate,
    verdict: { candidate: candidate.id, pocs: results, tests: verdict },
    size: patchSize(candidate.changes),
  };
}

async function runPocs(
  context: StageContext,
  candidate: Candidate,
  pocs: readonly Poc[],
): Promise<readonly PocResult[]> {
  if (pocs.length === 0) return [];
  const label = `candidate/${candidate.id}/pocs`;
  const runs = pocs.map(({ id, source }) =>
    context.language.poc({ name: id, source, nonce: nonceOf(context.runId, `${label}/${id}`) }),
  );
  const outcomes = await execute(context, {
    label,
    files: [...patchedFiles(candidate.changes), ...runs.flatMap((run) => run.files)],
    commands: runs.map(({ script, report }) => ({ script, timeoutMs: pocTimeoutMs, report })),
  });
  return Promise.all(pocs.map((poc, i) => judgePoc(context, poc, outcomes[i] ?? notRun)));
}

async function runTests(context: StageContext, candidate: Candidate, tests: TestBase): Promise<TestVerdict> {
  const { plan, baseline } = tests;
  if (plan === null || baseline.kind === "none") return compareWithBaseline(baseline, noReport);
  const patched = patchedFiles(candidate.changes);
  const run = (label: string) => runTestPlan(context, plan, `candidate/${candidate.id}/${label}`, patched);
  const verdict = compareWithBaseline(baseline, await run("tests"));
  const suspected = verdict.kind === "ran" && verdict.regressions.length > 0;
  return suspected ? withoutFlaky(verdict, await run("tests-again")) : verdict;
}

const noReport = { results: [], crashed: null };

const patchedFiles = (changes: readonly FileChange[]): readonly SandboxFile[] =>
  changes.map((change) => ({ place: "tree", path: change.path, content: change.after }));
