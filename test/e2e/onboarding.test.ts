import { afterEach, expect, test } from "vitest";
import type { SentWebhook } from "../../src/demo/github/webhooks.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

let world: BotWorld;
afterEach(() => world.close());

async function open(files: Readonly<Record<string, string>> = {}, onboarding = true): Promise<void> {
  world = await makeBotWorld(asEntries({ "README.md": "# Rates\n", ...files }), {
    onboarding: onboarding ? { publicUrl: "https://bot.example.com" } : null,
  });
}
const installed = (...repositories: readonly string[]): Promise<SentWebhook> =>
  world.github.install(repositories.length === 0 ? ["acme/rates"] : repositories);
const added = (): Promise<SentWebhook> => world.github.addRepositories(["acme/rates"]);
const opened = async () =>
  (await world.github.pullRequests()).map(({ title, author, state, base, head }) => ({
    title,
    author,
    state,
    base,
    head,
  }));
const ours = {
  title: "Configure Copatcher",
  author: "copatcher[bot]",
  state: "open",
  base: "main",
  head: "copatcher/configure",
};

test("a repository that gets the App is offered a settings file, however often GitHub tells of it", async () => {
  await open();
  const sent = await installed();
  expect(sent.status).toBe(200);
  const file = await world.repository.git("show", "copatcher/configure:.github/copatcher.yml");
  const changed = await world.repository.git("diff", "--name-status", "main", "copatcher/configure");

  await world.github.redeliver(sent);
  await world.github.redeliver({ ...sent, id: "another-delivery" });
  await added();

  expect(await opened()).toEqual([ours]);
  expect(file.split("\n")[0]).toBe("# yaml-language-server: $schema=https://bot.example.com/schema/v1.json");
  expect(changed.trim()).toBe("A\t.github/copatcher.yml");
});

test("a repository that is added later is offered one, too", async () => {
  await open();

  await added();

  expect(await opened()).toEqual([ours]);
});

test("a pull request that somebody closed is not opened again, not even without its branch", async () => {
  await open();
  await installed();
  const [pull] = await world.github.pullRequests();
  await world.github.closePullRequest(pull?.number ?? 0, "wanda");
  await world.repository.git("update-ref", "-d", "refs/heads/copatcher/configure");

  await added();

  expect(await opened()).toEqual([{ ...ours, state: "closed" }]);
});

test.each([".github/copatcher.yml", ".copatcher.yml"])("a repository with %s is left alone", async (path) => {
  await open({ [path]: "enabled: true\n" });

  await installed();

  expect(await opened()).toEqual([]);
});

test("nothing is opened where the operator did not say so", async () => {
  await open({}, false);

  expect((await installed()).status).toBe(200);
  expect(await opened()).toEqual([]);
});

test("a repository that refuses is only logged, and the next one has its turn", async () => {
  await open();

  expect((await installed("acme/gone", "acme/rates")).status).toBe(200);

  expect(await opened()).toEqual([ours]);
  const refusals = world.logger.lines.filter(({ text }) => text.includes("acme/gone was refused"));
  expect(refusals).toHaveLength(1);
});

test("somebody's own branch of that name stays as it is", async () => {
  await open();
  await world.repository.git("branch", "copatcher/configure", "main");
  const theirs = await world.repository.commit(asEntries({ "a.txt": "Mine\n" }), "copatcher/configure");

  await installed();

  expect(await opened()).toEqual([]);
  expect((await world.repository.git("rev-parse", "copatcher/configure")).trim()).toBe(theirs);
});
