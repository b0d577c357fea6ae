import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Branch, Proposal } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };
const target = { owner: "acme", repo: "rates" };

let world: GitHubWorld;
let base: Branch;
let ref: IssueRef;
beforeAll(async () => {
  world = await makeGitHubWorld(asEntries(baseFiles));
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };
});
afterAll(() => world.close());

const proposal = (branch: string, attempt = 1): Proposal => ({
  issue: ref,
  base,
  branch,
  commitMessage: `fix: rate\n\nAttempt ${attempt}.`,
  changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: `RATE = ${attempt + 1}\n` }],
  title: `fix: rate ${attempt}`,
  body: "Text",
  draft: true,
  edition: { run: `run-${attempt}`, attempt, fence: 1 },
});
const pullsFrom = async (branch: string) =>
  (await world.github.pullRequests()).filter(({ head }) => head === branch);

/** A person lets the pull request go to another branch than that of the proposal. */
async function retarget(number: number): Promise<void> {
  await world.repository.git("update-ref", "refs/heads/next", base.sha);
  await world.client.rest.pulls.update({ ...target, pull_number: number, base: "next" });
}

test("the run's pull request is found after people closed it and deleted its branch", async () => {
  const branch = "bot/merged";
  const first = await world.forge.propose(proposal(branch));
  await world.github.closePullRequest(first.number, "wanda");
  await world.client.rest.git.deleteRef({ ...target, ref: `heads/${branch}` });
  // a commit of another second is another commit
  await sleep(1_100);

  expect(await world.forge.propose(proposal(branch))).toEqual(first);
  expect(await pullsFrom(branch)).toHaveLength(1);
});

test("the run's pull request is found after people gave it another base", async () => {
  const first = await world.forge.propose(proposal("bot/retargeted"));
  await retarget(first.number);

  expect(await world.forge.propose(proposal("bot/retargeted"))).toEqual({ ...first, base: "next" });
  expect(await pullsFrom("bot/retargeted")).toHaveLength(1);
});

test("the run's pull request is found after a person committed on top of it", async () => {
  const first = await world.forge.propose(proposal("bot/corrected"));
  await world.repository.commit(asEntries({ "README.md": "mine\n" }), "bot/corrected");

  const again = await world.forge.propose(proposal("bot/corrected"));

  expect(again).toEqual({ ...first, headSha: null, verified: null });
});

test("an earlier run's pull request with another base is named, and its branch stays", async () => {
  const first = await world.forge.propose(proposal("bot/elsewhere", 1));
  await retarget(first.number);
  const before = await pullsFrom("bot/elsewhere");

  await expect(world.forge.propose(proposal("bot/elsewhere", 2))).rejects.toMatchObject({
    code: "forge-rejected",
    message: `Pull request #${first.number} from the branch bot/elsewhere goes to next, not to main. Change its base, or close it first.`,
  });
  expect(await pullsFrom("bot/elsewhere")).toEqual(before);
});
