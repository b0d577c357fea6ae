import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

const readme = { "README.md": "# Rates\n" };

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(asEntries(readme));
});
afterAll(() => world.close());

test.each([
  ["enabled: false", "comment", "it is switched off (`enabled: false`)"],
  ["enabled: false", "label", "it is switched off (`enabled: false`)"],
  [
    "trigger: {commands: false}",
    "comment",
    "comments start and steer no runs here (`trigger.commands: false`)",
  ],
  ["trigger: {label: false}", "label", "labels start no runs here (`trigger.label: false`)"],
])("with %j in its settings a %s starts no run, and the answer says why", async (settings, how, why) => {
  await world.repository.commit(asEntries({ ...readme, ".github/copatcher.yml": `${settings}\n` }));
  const issue = await world.github.openIssue("Bug", "It breaks", "rita");

  if (how === "label") await world.github.addLabel(issue, "copatcher", "wanda");
  else await world.github.comment(issue, "/copatcher fix", "wanda");

  const answers = (await world.github.comments(issue)).filter(({ author }) => author.endsWith("[bot]"));
  expect(answers.map(({ body }) => body)).toEqual([
    expect.stringContaining(`${why} in \`.github/copatcher.yml\` of this repository`),
  ]);
  expect(await world.runs.recent(1)).toEqual([]);
});
