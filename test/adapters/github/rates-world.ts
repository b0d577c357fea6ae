import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Branch, Proposal } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };

/** The embedded GitHub with one open issue, for which runs propose patches of the default branch. */
export type RatesWorld = GitHubWorld & { readonly ref: IssueRef; readonly base: Branch };

export async function makeRatesWorld(): Promise<RatesWorld> {
  const world = await makeGitHubWorld(asEntries(baseFiles));
  const ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  const base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };
  return Object.assign(world, { ref, base });
}

/** What an attempt, which is a run of its own, proposes on a branch. */
export const attemptOn = (
  { ref, base }: RatesWorld,
  branch: string,
  { attempt = 1, fence = 1 }: { readonly attempt?: number; readonly fence?: number } = {},
): Proposal => ({
  issue: ref,
  base,
  branch,
  commitMessage: `fix: rate\n\nAttempt ${attempt}.`,
  changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: `RATE = ${attempt + 1}\n` }],
  title: `fix: rate ${attempt}`,
  body: `It took ${fence} minutes`,
  draft: true,
  edition: { run: `run-${attempt}`, attempt, fence },
});
