import { account, type Fields } from "./github-objects.ts";
import { common, pullRequest, type Sample } from "./payloads.ts";

const [before, after] = [
  "0011223344556677889900112233445566778899",
  "9f2c1b7d0a3e4f5061728394a5b6c7d8e9f00112",
];

/** Somebody pushed to their pull request. */
export const pullRequestPushed = (number: number): Sample => ({
  event: "pull_request",
  payload: {
    action: "synchronize",
    number,
    before,
    after,
    pull_request: pullRequest(number, "fix/rounding", account("jonas-weber")),
    ...common(account("jonas-weber")),
  },
});

/** One commit on the default branch that changes these files. */
export const pushed = (...modified: readonly string[]): Sample => ({
  event: "push",
  payload: {
    ref: "refs/heads/main",
    before,
    after,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    commits: [{ id: after, distinct: true, message: "change", added: [], removed: [], modified }],
    pusher: { name: "maria-holm" },
    ...common(),
  },
});

/** A button of the check of a run's verdict. */
export const checkPressed = (run: string): Sample => ({
  event: "check_run",
  payload: {
    action: "requested_action",
    requested_action: { identifier: "rerun" },
    check_run: checkRun(`validation:${run}`),
    ...common(),
  },
});

/** A job of the repository's CI has ended on a branch. */
export const checkCompleted = (branch: string): Sample => ({
  event: "check_run",
  payload: {
    action: "completed",
    check_run: {
      ...checkRun(""),
      name: "test (3.12)",
      completed_at: "2026-01-02T10:20:30Z",
      check_suite: { id: 2, head_branch: branch },
      pull_requests: [{ number: 40 }],
    },
    ...common(account("github-actions[bot]", "Bot")),
  },
});

const checkRun = (external_id: string): Fields => ({
  id: 7_000_000_001,
  name: "copatcher / validation",
  head_sha: after,
  external_id,
  status: "completed",
  conclusion: "success",
  output: { title: "Validated", summary: "", text: null, annotations_count: 0 },
  check_suite: { id: 1, head_branch: "copatcher/issue-1" },
  pull_requests: [],
});
