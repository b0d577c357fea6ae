import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RepairResult } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import { pullRequestText } from "../report/pull-request.ts";
import { summarise } from "../report/summary.ts";
import { wireLocalForge } from "../wire/local.ts";

/** What an earlier repair may have left in the folder. */
const proposalFiles = ["patch.diff", "pull-request.md", "proposal.json"];

export type FinishedRepair = {
  readonly runId: string;
  readonly repository: string;
  readonly issue: Issue;
  readonly result: RepairResult;
  readonly seconds: number;
  /** Where recorded answers came from; null when models answered. */
  readonly recordings: string | null;
};

/**
 * Writes a repair's report to `folder`, and what would be the pull request (patch.diff, pull-request.md, proposal.json)
 * through the local forge. Returns the report, which is also what `--json` prints.
 */
export async function storeRepair(folder: string, repair: FinishedRepair) {
  const { runId, repository, issue, result, seconds, recordings } = repair;
  const summary = { ...summarise(result, seconds), recordings, stored: resolve(folder) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "report.json"), `${JSON.stringify(summary, null, 2)}\n`);
  for (const file of proposalFiles) await rm(join(folder, file), { force: true });
  if (result.kind === "declined") return summary;

  const text = pullRequestText({ result, issue, run: { id: runId, attempt: 1 }, seconds });
  const forge = wireLocalForge(folder, repository, issue);
  const branch = await forge.defaultBranch(issue.ref.repo);
  await forge.propose({
    issue: issue.ref,
    base: { name: branch?.name ?? "HEAD", sha: result.evidence.baseSha },
    branch: text.branch,
    commitMessage: text.commitMessage,
    changes: result.winner.changes,
    title: text.title,
    body: text.body,
    draft: result.level !== "validated",
  });
  return summary;
}
