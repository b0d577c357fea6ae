import { afterAll, beforeAll, expect, test } from "vitest";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };
let world: GitHubWorld;
beforeAll(async () => {
  world = await makeGitHubWorld(asEntries({ "README.md": "# Rates\n" }));
});
afterAll(() => world.close());

test("gives the talk on an issue with who, when and whether it was changed since", async () => {
  const { github, forge, client } = world;
  const ref = { repo, number: await github.openIssue("Bug", "It breaks", "rita") };
  await github.comment(ref.number, "Only with zero.\r\n", "rita");
  await github.comment(ref.number, "To be changed", "wanda");
  const own = await forge.upsertComment(ref, "<!-- m -->", "I am a bot");
  const before = await forge.issueTalk(ref);
  const [, second] = await github.comments(ref.number);
  await client.rest.issues.updateComment({
    owner: repo.owner,
    repo: repo.name,
    comment_id: second?.id ?? 0,
    body: "Changed",
  });

  const talk = await forge.issueTalk(ref);

  expect(own).toBeGreaterThan(0);
  expect(talk).toMatchObject([
    { author: "rita", bot: false, body: "Only with zero.\r\n" },
    { author: "wanda", bot: false, body: "Changed" },
    { author: "copatcher[bot]", bot: true },
  ]);
  const times = talk.map(({ createdAt, changedAt }, nth) => [
    createdAt === before[nth]?.createdAt,
    changedAt === before[nth]?.changedAt,
  ]);
  expect(times).toEqual([
    [true, true],
    [true, false],
    [true, true],
  ]);
});
