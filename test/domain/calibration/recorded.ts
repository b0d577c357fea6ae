import type { RecordEvent } from "../../../src/domain/record/event.ts";
import type { PullRequestFeedback } from "../../../src/domain/record/feedback.ts";

const score = { regressions: 0, altered: 0, pocsPassed: 2, pocsFailed: 0, tests: "ran", lines: 2 };
const patch = { sha256: "0".repeat(64), bytes: 10 };

/** What the record of a run holds of its choice: five samples, of which two gave the winner and one its rival. */
export const choice = (change: Partial<Extract<RecordEvent, { kind: "selection" }>> = {}): RecordEvent[] => [
  { kind: "candidate", candidate: "a", samples: ["generate/0/0", "generate/1/0"], ...written },
  { kind: "candidate", candidate: "b", samples: ["generate/2/0"], ...written },
  { kind: "candidate", candidate: "c", samples: ["generate/3/0"], ...written },
  { kind: "rejection", sample: "generate/4/0", reason: "no-answer", detail: "" },
  {
    kind: "selection",
    method: "lexicographic",
    ordered: [
      { ...score, candidate: "a", votes: 2 },
      { ...score, candidate: "b", votes: 1 },
      { ...score, candidate: "c", votes: 7, pocsPassed: 0, pocsFailed: 2 },
    ],
    tied: ["a", "b"],
    decidedBy: "votes",
    unneeded: 0,
    winner: "a",
    outcome: "validated",
    explanation: null,
    ...change,
  },
];

const written = { refines: null, patch, paths: ["a.py"], lines: 2, restored: [] };

export const head = "a".repeat(40);

const by = { headSha: head, by: "alice" };

/** What was heard of a pull request, on these days of May 2026. */
export const heard = {
  opened: (day: string): PullRequestFeedback => ({ what: "opened", ...by, at: `2026-05-${day}T10:00:00Z` }),
  closed: (day: string): PullRequestFeedback => ({ what: "closed", ...by, at: `2026-05-${day}T10:00:00Z` }),
  reopened: (day: string): PullRequestFeedback => ({
    what: "reopened",
    ...by,
    at: `2026-05-${day}T10:00:00Z`,
  }),
  merged: (day: string, headSha = head): PullRequestFeedback => ({
    what: "merged",
    headSha,
    mergeSha: null,
    by: "alice",
    at: `2026-05-${day}T10:00:00Z`,
  }),
  issueReopened: (day: string): PullRequestFeedback => ({
    what: "issue-reopened",
    by: "bob",
    at: `2026-05-${day}T10:00:00Z`,
  }),
  reverted: (day: string): PullRequestFeedback => ({
    what: "reverted",
    revert: 9,
    by: "bob",
    at: `2026-05-${day}T10:00:00Z`,
  }),
};

export const feedback = (...told: readonly PullRequestFeedback[]): RecordEvent[] =>
  told.map((one) => ({ kind: "pull-request-feedback", pullRequest: 7, feedback: one }));
