import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(
    asEntries({ "README.md": "# Rates\n", ".github/copatcher.yml": "permissions: {teams: [core]}\n" }),
  );
});
afterAll(() => world.close());

test("a team lets its members in once the App may read who is in it", async () => {
  const { github, runs } = world;
  github.joinTeam("core", "rita");
  const issue = await github.openIssue("Bug", "It breaks", "rita");

  await github.comment(issue, "/copatcher fix", "rita");

  expect((await github.comments(issue)).at(-1)?.body).toMatch(
    /`rita` has `read` access[\s\S]*could not be read/,
  );
  expect(await runs.recent(1)).toEqual([]);

  github.allowMembers();
  await github.comment(issue, "/copatcher fix", "rolf");
  expect((await github.comments(issue)).some(({ body }) => body.includes("`rolf` has `read` access"))).toBe(
    true,
  );
  expect(await runs.recent(1)).toEqual([]);

  await github.comment(issue, "/copatcher fix", "rita");
  expect(await runs.recent(1)).toMatchObject([{ trigger: { sender: "rita" } }]);
});
