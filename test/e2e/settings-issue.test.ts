import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(asEntries({ "README.md": "# Rates\n" }));
});
afterAll(() => world.close());

/** Pushes a commit to a branch and tells the bot. */
async function push(settings: string | null, branch = "main") {
  const before = (await world.repository.git("rev-parse", "main")).trim();
  if (branch !== "main") await world.repository.git("branch", "--force", branch, "main");
  const files = settings === null ? {} : { ".github/copatcher.yml": settings };
  await world.repository.commit(asEntries({ "README.md": `# ${before}\n`, ...files }), branch);
  return world.github.push(branch, before, "wanda");
}
const issues = async () => {
  const { data } = await world.client.rest.issues.listForRepo({
    owner: "acme",
    repo: "rates",
    state: "all",
    direction: "asc",
  });
  return data.map(({ title, body, state }) => ({ title, body: body ?? "", state }));
};

test("the default branch's settings have one issue while they are wrong", async () => {
  expect((await push("limits: 3\n")).status).toBe(200);
  expect(await issues()).toMatchObject([
    { title: "Copatcher: the settings file is not valid", state: "open" },
  ]);
  expect((await issues())[0]?.body).toContain("`.github/copatcher.yml:1:9`");

  await push("limits: 3\nenabled: maybe\n");
  expect(await issues()).toHaveLength(1);
  expect((await issues())[0]?.body).toContain("`.github/copatcher.yml:2:10`");

  await push("enabled: true\n");
  expect(await issues()).toMatchObject([{ state: "closed" }]);

  await push("enabled: maybe\n");
  expect(await issues()).toMatchObject([{ state: "open" }]);

  await push(null);
  expect(await issues()).toMatchObject([{ state: "closed" }]);
});

test("a warning is no reason for an issue", async () => {
  const before = await issues();

  await push("enbled: true\n");

  expect(await issues()).toEqual(before);
});

test("pushes to other branches, and those that touch no settings, are not stored", async () => {
  const stored = world.logger.lines.filter(({ text }) => text === "delivery received").length;

  await push("limits: 3\n", "topic");
  await push("enbled: true\n");

  expect(world.logger.lines.filter(({ text }) => text === "delivery received")).toHaveLength(stored);
});

test("a push that comes again says nothing more", async () => {
  const sent = await push("limits: 4\n");
  const before = await issues();

  await world.github.redeliver(sent);
  await world.github.redeliver({ ...sent, id: "another-delivery" });

  expect(await issues()).toEqual(before);
});

test("a request that meets wrong settings sees to the issue", async () => {
  const before = (await world.repository.git("rev-parse", "main")).trim();
  await world.repository.commit(asEntries({ "README.md": before, ".copatcher.yml": "enabled: 7\n" }));
  const issue = await world.github.openIssue("Bug", "It breaks", "rita");

  await world.github.addLabel(issue, "copatcher", "wanda");

  const told = (await issues()).filter(({ title }) => title.startsWith("Copatcher:"));
  expect(told).toMatchObject([{ state: "open", body: expect.stringContaining("`.copatcher.yml:1:10`") }]);
});
