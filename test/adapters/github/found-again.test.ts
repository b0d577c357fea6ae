import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asEntries } from "../../fixtures/make-repository.ts";
import { attemptOn, makeRatesWorld, type RatesWorld } from "./rates-world.ts";

const target = { owner: "acme", repo: "rates" };

let world: RatesWorld;
beforeAll(async () => {
  world = await makeRatesWorld();
});
afterAll(() => world.close());

const pullsFrom = async (branch: string) =>
  (await world.github.pullRequests()).filter(({ head }) => head === branch);

/** A person lets the pull request go to another branch than that of the proposal. */
async function retarget(number: number): Promise<void> {
  await world.repository.git("update-ref", "refs/heads/next", world.base.sha);
  await world.client.rest.pulls.update({ ...target, pull_number: number, base: "next" });
}

test("the run's pull request is found after people closed it and deleted its branch", async () => {
  const branch = "bot/merged";
  const first = await world.forge.propose(attemptOn(world, branch));
  await world.github.closePullRequest(first.number, "wanda");
  await world.client.rest.git.deleteRef({ ...target, ref: `heads/${branch}` });
  // a commit of another second is another commit
  await sleep(1_100);

  expect(await world.forge.propose(attemptOn(world, branch))).toEqual(first);
  expect(await pullsFrom(branch)).toHaveLength(1);
});

test("the run's pull request is found after people gave it another base", async () => {
  const first = await world.forge.propose(attemptOn(world, "bot/retargeted"));
  await retarget(first.number);

  expect(await world.forge.propose(attemptOn(world, "bot/retargeted"))).toEqual({ ...first, base: "next" });
  expect(await pullsFrom("bot/retargeted")).toHaveLength(1);
});

test("the run's pull request is found after a person committed on top of it", async () => {
  const first = await world.forge.propose(attemptOn(world, "bot/corrected"));
  await world.repository.commit(asEntries({ "README.md": "mine\n" }), "bot/corrected");

  const again = await world.forge.propose(attemptOn(world, "bot/corrected"));

  expect(again).toEqual({ ...first, headSha: null, verified: null });
});

test("an earlier run's pull request with another base is named, and its branch stays", async () => {
  const first = await world.forge.propose(attemptOn(world, "bot/elsewhere", { attempt: 1 }));
  await retarget(first.number);
  const before = await pullsFrom("bot/elsewhere");

  await expect(world.forge.propose(attemptOn(world, "bot/elsewhere", { attempt: 2 }))).rejects.toMatchObject({
    code: "forge-rejected",
    message: `Pull request #${first.number} from the branch bot/elsewhere goes to next, not to main. Change its base, or close it first.`,
  });
  expect(await pullsFrom("bot/elsewhere")).toEqual(before);
});
