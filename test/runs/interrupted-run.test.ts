import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { Interrupted } from "../../src/runs/run-control.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { once } from "../fixtures/model-answers.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { rightEdit, smallReplies } from "../fixtures/small-project.ts";

const never = controlOf();

test("a run whose place another takes ends without a word", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const before = world.said();
  const cancel = AbortSignal.abort(new Interrupted({ kind: "cancelled", by: "mona", successor: "run-2" }));

  await executeRun(world.deps, claim, controlOf(cancel));

  expect(await world.state()).toEqual({ at: "cancelled", by: "mona", successor: "run-2" });
  expect(world.said()).toEqual(before);
});

test("a cancel that nobody carried out is carried out by whoever gets the run next", async () => {
  const world = await makeWorld();
  await world.runs.requestCancel((await world.claim()).run.id, "mona");
  await world.runs.recover();

  await world.work();

  expect(await world.state()).toEqual({ at: "cancelled", by: "mona" });
  expect(world.said()).toEqual([expect.stringContaining("cancelled by mona")]);
});

test("a worker that lost its lease says nothing and writes nothing, whatever it was doing", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const lost = AbortSignal.abort(new Interrupted({ kind: "lease-lost" }));
  const before = world.said();

  await executeRun(world.deps, claim, controlOf(lost));

  expect(await world.state()).toMatchObject({ at: "running" });
  expect(world.said()).toEqual(before);
});

test("an outage of GitHub at the end makes the run wait, and then it goes on without the models", async () => {
  const world = await makeWorld();
  world.forge.breakDown("propose", new RepairError("forge-unavailable", "GitHub is down"));
  await world.work();
  const waiting = await world.state();
  expect(waiting).toMatchObject({ at: "queued", postponed: { code: "forge-unavailable" } });
  expect(world.said()).toEqual([expect.stringContaining("Nothing that is done is lost")]);

  world.forge.breakDown("propose", null);
  await world.deps.clock.sleep(60_000);
  const silent = createScriptedClient({ replies: { origin: "nothing", replies: {} } });
  const resumed = { ...world.deps, tools: { ...world.deps.tools, inference: silent } };
  await executeRun(resumed, await world.claim("worker-2"), never);

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.said()).toEqual([expect.stringContaining("#100")]);
});

test("an outage of GitHub's git at the checkout makes the run wait as well", async () => {
  const world = await makeWorld();
  const { workspace } = world.deps.tools;
  const away = new RepairError("forge-unavailable", "octo/calc cannot be read: the server cannot be reached");
  const tools = { ...world.deps.tools, workspace: { ...workspace, checkout: () => Promise.reject(away) } };
  await executeRun({ ...world.deps, tools }, await world.claim(), never);
  expect(await world.state()).toMatchObject({ at: "queued", postponed: { code: "forge-unavailable" } });

  await world.deps.clock.sleep(60_000);
  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
});

test("an outage that does not pass fails the run in the end", async () => {
  const world = await makeWorld();
  world.forge.breakDown("propose", new RepairError("forge-unavailable", "GitHub is down"));
  for (let tries = 0; tries < 8; tries++) {
    await world.work();
    expect(await world.state()).toMatchObject({ at: "queued" });
    await world.deps.clock.sleep(3 * 60 * 60_000);
  }

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "forge-unavailable" });
});

test("a run that ended its process again and again is not begun once more", async () => {
  const world = await makeWorld();
  const claim = await world.claim();

  await executeRun(world.deps, { ...claim, crashes: 10 }, never);

  expect(await world.state()).toEqual({ at: "failed", code: "run-crashed" });
  expect(world.said()).toEqual([expect.stringContaining("**Next step:**")]);
});

test("a run far beyond its time is broken off", async () => {
  const world = await makeWorld({
    replies: smallReplies({ generate: [once(rightEdit, { delayMs: 60_000 })] }),
  });

  await executeRun({ ...world.deps, runMinutes: 1 }, await world.claim(), never);

  expect(await world.state()).toEqual({ at: "failed", code: "run-too-long" });
  expect(world.said()).toEqual([expect.stringContaining("COPATCHER_RUN_MINUTES")]);
});

test("a run whose time is nearly over begins no call that could not end, and says so", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const late: Clock = { now: () => claim.startedAt + 59_000, sleep: () => new Promise(() => undefined) };

  await executeRun({ ...world.deps, clock: late, runMinutes: 1 }, claim, never);

  expect(world.said()).toEqual([expect.stringContaining("its time was nearly over")]);
});
