import { afterAll, beforeAll, expect, test } from "vitest";
import { attemptOn, makeRatesWorld, type RatesWorld } from "./rates-world.ts";

let world: RatesWorld;
beforeAll(async () => {
  world = await makeRatesWorld();
});
afterAll(() => world.close());

const edit = async (number: number, change: (body: string) => string) => {
  const target = { owner: "acme", repo: "rates", pull_number: number };
  const { data } = await world.client.rest.pulls.get(target);
  await world.client.rest.pulls.update({ ...target, title: "My title", body: change(data.body ?? "") });
};
const textsOf = async (number: number) => {
  const pull = (await world.github.pullRequests()).find((pull) => pull.number === number);
  return { title: pull?.title, text: pull?.body.split(/\r?\n/).at(-1) };
};

test.each<[string, (body: string) => string]>([
  ["its texts", (body) => body.replace(/It took.*/, "my words")],
  ["its texts in a browser", (body) => body.replace(/It took.*/, "my words").replaceAll("\n", "\r\n")],
  ["all of it, hidden lines and all", () => "my words"],
])("a person who changed %s finds them unchanged after a replay", async (title, change) => {
  const branch = `bot/${title.replaceAll(/\W/g, "")}`;
  const { number } = await world.forge.propose(attemptOn(world, branch, { attempt: 1, fence: 1 }));
  await edit(number, change);

  await world.forge.propose(attemptOn(world, branch, { attempt: 1, fence: 2 }));

  expect(await textsOf(number)).toEqual({ title: "My title", text: "my words" });
});

test("a later run's patch comes with its own texts", async () => {
  const { number } = await world.forge.propose(attemptOn(world, "bot/later", { attempt: 1, fence: 1 }));
  await edit(number, () => "my words");

  await world.forge.propose(attemptOn(world, "bot/later", { attempt: 2, fence: 7 }));

  expect(await textsOf(number)).toEqual({ title: "fix: rate 2", text: "It took 7 minutes" });
});

test("a draft stays one until a person makes it ready, however sure the next run is", async () => {
  await world.forge.propose(attemptOn(world, "bot/surer", { attempt: 1, fence: 1 }));

  const later = { ...attemptOn(world, "bot/surer", { attempt: 2, fence: 1 }), draft: false };

  expect(await world.forge.propose(later)).toMatchObject({ draft: true });
});
