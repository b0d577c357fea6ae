import type { Candidate } from "../../src/domain/candidate.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { Issue } from "../../src/domain/issue.ts";
import { patchSize, unifiedDiff } from "../../src/domain/patch.ts";
import type { RepairRun } from "../../src/domain/run.ts";
import type { PocResult, TestVerdict, JudgedCandidate } from "../../src/domain/verdict.ts";
import type { Proposed } from "../../src/report/pull-request.ts";

export const exited = (exitCode: number, stdout = "", stderr = ""): ExecutionOutcome => ({
  kind: "exited",
  exitCode,
  stdout,
  stderr,
  cut: false,
  durationMs: 100,
  report: null,
});

export const issue: Issue = {
  ref: { repo: { owner: "acme", name: "parcel" }, number: 7 },
  title: "Rates are wrong for zero weight",
  body: "See title.",
  author: "reporter",
};

export const run: RepairRun = {
  id: "run-1",
  attempt: 2,
  kind: "repair",
  installation: 1,
  issue,
  trigger: { kind: "label", sender: "alice", delivery: "d-1" },
  state: { at: "running", stage: "publish" },
};

const candidate = (id: string, votes: number, after: string): Candidate => {
  const changes = [{ path: "src/rates.py", before: "a = 1\n", after }];
  return {
    id,
    changes,
    patch: unifiedDiff(changes),
    samples: Array.from({ length: votes }, (_, i) => `generate/${id}-${i}`),
    refines: null,
    restored: [],
  };
};

export const held: TestVerdict = { kind: "ran", passed: 12, regressions: [] };

export const pocResult = (poc: string, result: PocResult["result"]): PocResult => ({
  poc,
  result,
  judgedBy: poc === "poc-2" ? "model" : "rule",
  outcome: exited(result === "fixed" ? 0 : 1, `after ${poc}\n`),
  printed: "",
  unchanged: false,
});

export function judged(
  id: string,
  votes: number,
  pocs: readonly PocResult[],
  tests: TestVerdict = held,
  after = "a = 2\n",
): JudgedCandidate {
  const one = candidate(id, votes, after);
  return { candidate: one, verdict: { candidate: id, pocs, tests }, size: patchSize(one.changes) };
}

const fixed = [pocResult("poc-1", "fixed"), pocResult("poc-2", "fixed")];
const broken: TestVerdict = { kind: "ran", passed: 11, regressions: ["tests/test_rates.py::test_zero"] };

export const ordered: readonly JudgedCandidate[] = [
  judged("c1", 5, fixed),
  judged("c2", 3, [pocResult("poc-1", "fixed"), pocResult("poc-2", "still-broken")]),
  judged("c3", 9, fixed, broken),
];

export const evidence: Evidence = {
  baseSha: "0123456789abcdef0123456789abcdef01234567",
  files: [{ path: "src/rates.py", votes: 5 }],
  locations: [{ path: "src/rates.py", range: { first: 1, last: 4 }, votes: 3 }],
  samples: 20,
  unneeded: 0,
  feedback: [],
  stopped: null,
  rejected: [
    { sample: "generate/3", reason: "search-not-found", detail: "no place" },
    { sample: "generate/4", reason: "search-not-found", detail: "no place" },
    { sample: "generate/9", reason: "unsafe-path", detail: "../x" },
  ],
  candidates: ordered.map((one) => one.candidate),
  pocs: [
    {
      id: "poc-1",
      kind: "asserting",
      source: "assert rate(0) == 0\n",
      baseline: exited(1, "", "AssertionError\n"),
      reachedEnd: false,
      attempts: 1,
      sourceSample: "poc/1",
    },
    {
      id: "poc-2",
      kind: "printing",
      source: "print(rate(0))\n",
      baseline: exited(0, "5\n"),
      reachedEnd: false,
      attempts: 2,
      sourceSample: "poc/2",
    },
  ],
  scripts: { fence: "python", repeat: "run `python3 /path/to/poc.py`" },
  failedPocs: [{ id: "poc-3", kind: "printing", attempts: 4, reason: "printed nothing" }],
  baseline: {
    kind: "ran",
    command: "python3 -m pytest tests/test_rates.py",
    passing: Array.from({ length: 12 }, (_, i) => `t${i}`),
    failing: ["t-bad"],
    flaky: ["t-flaky"],
    seconds: 3,
    withoutCanary: null,
    exitStatusCounts: true,
    note: null,
  },
  ranking: { ordered, decidedBy: "pocs" },
  flags: [],
  sandbox: "Docker, no network",
  models: { "loc-gen": "Co-PatcheR-Loc-Gen-14B" },
  usage: { prompt: 1000, completion: 200, estimated: false },
  provenance: {
    settings: "5e".repeat(32),
    prompts: { generate: "9a".repeat(32) },
    weights: { "loc-gen": "UCSB-SURFI/Co-PatcheR-Loc-Gen-14B@3f9c21d07a44" },
    image: `sha256:${"d1".repeat(32)}`,
    modelSeconds: 754,
  },
};

export function proposed(changes: Partial<Evidence> = {}, level: Proposed["level"] = "validated"): Proposed {
  const all = { ...evidence, ...changes };
  const [winner] = all.ranking.ordered;
  if (winner === undefined) throw new Error("a proposal needs a winner");
  return { kind: "proposed", level, winner: winner.candidate, verdict: winner.verdict, evidence: all };
}
