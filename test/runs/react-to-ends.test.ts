import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Trigger } from "../../src/domain/run.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { reactingToEnds } from "../../src/runs/react-to-ends.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeWorld } from "../fixtures/run-world.ts";

const ended = { kind: "ended", state: { at: "checked" } } as const;

/** A run that waits for its end, and what happened in which order. */
async function scene(trigger: Partial<Trigger>, error: RepairError | null = null) {
  const world = await makeWorld();
  const claim = await world.claim();
  const happened: string[] = [];
  const runs: Pick<RunStore, "advance"> = {
    advance: (held, event) => {
      happened.push(event.kind);
      return Promise.resolve(held.run);
    },
  };
  const forge = {
    ...world.forge,
    async react(...all: Parameters<typeof world.forge.react>) {
      if (error !== null) throw error;
      await world.forge.react(...all);
      happened.push(all[1]);
    },
  };
  const run = { ...claim.run, trigger: { ...claim.run.trigger, ...trigger } };
  return {
    happened,
    reactions: world.forge.reactions,
    ending: reactingToEnds(runs, forge, createSilentLogger()),
    claim: { ...claim, run },
  };
}

test("the comment that asked gets a rocket before the run ends, and a second try adds none", async () => {
  const { ending, claim, happened, reactions } = await scene({ comment: 12 });

  await ending.advance(claim, { kind: "entered", stage: "publish" });
  await ending.advance(claim, ended);
  await ending.advance(claim, ended);

  expect(happened.slice(0, 3)).toEqual(["entered", "rocket", "ended"]);
  expect(reactions).toEqual(["rocket comment 12"]);
});

test("a run that no comment asked for gets none", async () => {
  const { ending, claim, happened } = await scene({});

  await ending.advance(claim, ended);

  expect(happened).toEqual(["ended"]);
});

test("a reaction that is refused keeps no run from ending", async () => {
  const { ending, claim, happened } = await scene({ comment: 12 }, new RepairError("forge-rejected", "no"));

  await ending.advance(claim, ended);

  expect(happened).toEqual(["ended"]);
});

test("a worker that lost the run does not end it", async () => {
  const { ending, claim, happened } = await scene({ comment: 12 }, new RepairError("lease-lost", "gone"));

  await expect(ending.advance(claim, ended)).rejects.toMatchObject({ code: "lease-lost" });
  expect(happened).toEqual([]);
});
