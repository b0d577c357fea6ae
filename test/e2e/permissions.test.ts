import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import type { EndState } from "../../src/domain/run.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

let world: BotWorld;
let issue: number;
beforeAll(async () => {
  world = await makeBotWorld(asEntries({ "README.md": "# Rates\n" }));
});
afterAll(() => world.close());
beforeEach(async () => {
  issue = await world.github.openIssue("Bug", "It breaks", "rita");
});

/** Asks for a run, which ends like this. */
async function ends(command: string, state: EndState): Promise<void> {
  await world.github.comment(issue, command, "wanda");
  const claim = await world.runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("a run waits");
  await world.runs.advance(claim, { kind: "ended", state });
}
const told = async () =>
  (await world.github.comments(issue))
    .map(({ body }) => body)
    .filter((body) => body.includes("has been given new permissions since"));

test("who was refused is told of new permissions, however often GitHub says it", async () => {
  await ends("/copatcher fix", { at: "failed", code: "forge-rejected" });

  const sent = await world.github.acceptPermissions();
  await world.github.redeliver({ ...sent, id: "another-delivery" });

  expect(sent.status).toBe(200);
  expect(await told()).toEqual([expect.stringContaining("`/copatcher retry` starts a new attempt")]);
  expect(await world.runs.live({ repo: { owner: "acme", name: "rates" }, number: issue })).toEqual([]);
});

test("an answer that was refused is not called an attempt at a patch", async () => {
  await ends("/copatcher repro", { at: "failed", code: "forge-rejected" });

  await world.github.acceptPermissions();

  expect(await told()).toEqual([expect.stringContaining("**Next step:** ask for it again.")]);
});

test("an issue whose last run ended otherwise is told nothing", async () => {
  await ends("/copatcher fix", { at: "failed", code: "forge-rejected" });
  await ends("/copatcher retry", { at: "failed", code: "run-too-long" });

  await world.github.acceptPermissions();

  expect(await told()).toEqual([]);
});
