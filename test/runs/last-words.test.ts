import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import type { Forge, Forges } from "../../src/ports/forge.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { Interrupted, type Interrupt } from "../../src/runs/run-control.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";

type World = Awaited<ReturnType<typeof makeWorld>>;

const away = new RepairError("forge-unavailable", "GitHub answered 503");

/** The world's forge; `then` happens after each of its proposals. */
const afterProposals = (world: World, then: () => Promise<void> | void): Forges => ({
  forInstallation: (installation, use): Forge => {
    const forge = world.forge.forInstallation(installation, use);
    return {
      ...forge,
      async propose(proposal) {
        const made = await forge.propose(proposal);
        await then();
        return made;
      },
    };
  },
});

/** A closing comment that does not get through at first, while `interrupt` comes in. */
async function interruptedAtTheEnd(interrupt: Interrupt) {
  const world = await makeWorld();
  const abort = new AbortController();
  const forges = afterProposals(world, () => {
    world.forge.breakDown("upsertComment", away);
    setImmediate(() => {
      abort.abort(new Interrupted(interrupt));
      world.forge.breakDown("upsertComment", null);
    });
  });
  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf(abort.signal));
  return world;
}

test("a worker that froze between the pull request and the closing comment leaves both to its successor", async () => {
  const world = await makeWorld();
  const forges = afterProposals(world, async () => {
    await world.deps.clock.sleep(31_000);
    await world.runs.recover();
    await world.runs.claim("worker-2", unlimited);
  });
  const before = world.said();

  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf());

  expect(world.forge.proposals).toHaveLength(1);
  expect(world.said()).not.toContainEqual(expect.stringContaining("#100"));
  expect(world.said()).toHaveLength(before.length);
  expect(await world.state()).toMatchObject({ at: "running" });
});

test("a shutdown during the closing comment leaves the last word to whoever goes on", async () => {
  const world = await interruptedAtTheEnd({ kind: "shutdown" });
  expect(await world.state()).toMatchObject({ at: "queued" });

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.forge.proposals).toHaveLength(1);
  expect(world.said()).toEqual([expect.stringContaining("#100")]);
});

test("a run whose pull request is open ends with it, whatever would be against it by now", async () => {
  const world = await interruptedAtTheEnd({ kind: "shutdown" });
  const forges: Forges = {
    forInstallation: (installation, use): Forge => ({
      ...world.forge.forInstallation(installation, use),
      claiming: () => Promise.resolve([7]),
      propose: () => Promise.reject(new RangeError("it has its pull request")),
    }),
  };

  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf());

  expect(await world.state()).toMatchObject({ at: "proposed", pullRequest: 100 });
});

test("a shutdown that cuts the closing comment off leaves it to whoever goes on", async () => {
  const world = await makeWorld();
  const abort = new AbortController();
  const shutdown = new Interrupted({ kind: "shutdown" });
  const forges: Forges = {
    forInstallation: (installation, use): Forge => ({
      ...world.forge.forInstallation(installation, use),
      async upsertComment(ref, marker, body, edition) {
        if (!body.includes("#100")) return world.forge.upsertComment(ref, marker, body, edition);
        abort.abort(shutdown);
        throw shutdown;
      },
    }),
  };

  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf(abort.signal));

  expect(await world.state()).toMatchObject({ at: "queued" });
});

test("a cancel during the closing comment comes too late, and the comment says what there is", async () => {
  const world = await interruptedAtTheEnd({ kind: "cancelled", by: "mona", successor: null });

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.said()).toEqual([expect.stringContaining("#100")]);
});

test("an earlier run that writes late does not take the comment from a later one", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const marker = world.forge.comments[0]?.marker ?? "";
  const later = { run: "later", attempt: claim.run.attempt + 1, fence: 0 };
  await world.forge.upsertComment(claim.run.issue.ref, marker, "the later run is queued", later);

  await executeRun(world.deps, claim, controlOf());

  expect(world.said()).toEqual([expect.stringContaining("the later run is queued")]);
});

test("what a run proposes carries its edition", async () => {
  const world = await makeWorld();

  await world.work();

  const [published] = world.forge.proposals;
  expect(published?.proposal.edition).toMatchObject({ attempt: 1, fence: 1 });
});
