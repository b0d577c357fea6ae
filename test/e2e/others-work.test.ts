import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(asEntries({ "README.md": "# Rates\n" }));
});
afterAll(() => world.close());

test("while somebody's pull request says to fix the issue, only force starts a run", async () => {
  const issue = await world.github.openIssue("Rates are wrong", "rate(1) is 2", "rita");
  await world.repository.git("branch", "by-hand", "main");
  await world.repository.commit(asEntries({ "README.md": "# Right rates\n" }), "by-hand");
  await world.github.openPullRequest("by-hand", "main", `Fixes #${issue}`, "wanda");

  await world.github.comment(issue, "/copatcher fix", "wanda");

  const answers = (await world.github.comments(issue)).filter(({ author }) => author.endsWith("[bot]"));
  expect(answers).toMatchObject([
    { body: expect.stringMatching(/did not start: #\d+ is open and says to be about/) },
  ]);
  expect(await world.runs.recent(5)).toEqual([]);

  await world.github.comment(issue, "/copatcher fix force=true", "wanda");

  expect(await world.runs.recent(5)).toMatchObject([{ force: true, state: { at: "queued" } }]);
});
