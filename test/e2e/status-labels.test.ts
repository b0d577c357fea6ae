import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { repaintLabels } from "../../src/runs/painting-runs.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { publishedFiles, publishNext } from "../fixtures/published-run.ts";

let world: BotWorld;
let issue: number;
beforeAll(async () => {
  world = await makeBotWorld(asEntries(publishedFiles));
});
beforeEach(async () => {
  for (const { id } of await world.runs.recent(100)) await world.runs.requestCancel(id, "the test before");
  issue = await world.github.openIssue("Bug", "It breaks", "rita");
});
afterAll(() => world.close());

const ask = () => world.github.addLabel(issue, "copatcher", "wanda");
const labels = async () => {
  await world.painter.settled();
  return (await world.github.issue(issue)).labels;
};

test("an issue carries the state of its repair as one label, and people's labels stay", async () => {
  await world.github.addLabel(issue, "bug", "wanda");
  await ask();
  expect(await labels()).toEqual(["bug", "copatcher: queued"]);

  const { pull } = await publishNext(world);
  expect(await labels()).toEqual(["bug", "copatcher: pr-open"]);

  await world.runs.notePullRequest({ owner: "acme", name: "rates" }, pull.number, false);
  expect(await labels()).toEqual(["bug"]);
});

test("a label is made with its colour and its meaning", async () => {
  await ask();
  await labels();

  const { data } = await world.client.rest.issues.getLabel({
    owner: "acme",
    repo: "rates",
    name: "copatcher: queued",
  });
  expect(data).toMatchObject({ color: "d4c5f9", description: "Copatcher will work on this issue" });
});

test.each([
  [{ at: "failed", code: "internal" }, ["copatcher: failed"]],
  [{ at: "declined", reason: "no-location" }, ["copatcher: needs-info"]],
  [{ at: "declined", reason: "all-regress" }, ["copatcher: no-fix"]],
  [{ at: "cancelled", by: "wanda" }, []],
] as const)("%j shows %j", async (state, expected) => {
  await ask();
  const claim = await world.runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("a run waits");
  expect(await labels()).toEqual(["copatcher: running"]);

  await world.runs.advance(claim, { kind: "ended", state });

  expect(await labels()).toEqual(expected);
});

test("a queued run that is cancelled, and one that goes back, are painted too", async () => {
  await ask();
  const claim = await world.runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("a run waits");
  await world.runs.release(claim);
  expect(await labels()).toEqual(["copatcher: queued"]);

  await world.github.comment(issue, "/copatcher cancel", "wanda");

  expect(await labels()).toEqual([]);
});

test("the sweep brings back what somebody took off, and leaves other issues alone", async () => {
  const other = await world.github.openIssue("Other", "It breaks", "rita");
  await ask();
  await labels();
  await world.forge.removeLabel(
    { repo: { owner: "acme", name: "rates" }, number: issue },
    "copatcher: queued",
  );

  await repaintLabels(world.runs, world.painter.paint);

  expect(await labels()).toEqual(["copatcher: queued"]);
  expect((await world.github.issue(other)).labels).toEqual([]);
});
