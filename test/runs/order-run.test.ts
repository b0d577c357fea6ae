import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { orderRun, type Order } from "../../src/runs/order-run.ts";
import { requestRun } from "../../src/runs/request-run.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

async function world() {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: { hubot: "write", jonas: "read" },
  });
  const deps = { runs, forges, logger: createSilentLogger(), policy };
  const request = makeRunRequest();
  const run = await requestRun(deps, { ...request, label: null });
  if (run === null) throw new RangeError("the request was refused");
  return {
    runs,
    forges,
    run,
    said: () => forges.comments.map(({ body }) => body),
    state: async () => (await runs.run(run.id))?.state,
    order: (verb: Order["verb"], sender = "hubot") =>
      orderRun(deps, { verb, installation: 7, issue: request.issue.ref, sender }),
  };
}

test.each(["cancel", "stop"] as const)(
  "a queued run ends at once with %s, and its comment says who asked",
  async (verb) => {
    const { order, state, said } = await world();

    await order(verb);

    expect(await state()).toEqual({ at: "cancelled", by: "hubot" });
    expect(said()).toEqual([expect.stringContaining("cancelled by hubot")]);
  },
);

test("a crash between the end and the word is made good when the delivery is handled again", async () => {
  const { order, runs, run, said } = await world();
  await runs.requestCancel(run.id, "hubot");

  await order("cancel");

  expect(said()).toEqual([expect.stringContaining("cancelled by hubot")]);
});

test("a run at work is told, and has the word on the issue itself", async () => {
  const { order, runs, said } = await world();
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("nothing was begun");
  const before = said();

  await order("stop");
  await order("cancel");

  expect(await runs.heartbeat(claim)).toEqual({ cancel: { by: "hubot", successor: null }, stop: "hubot" });
  expect(said()).toEqual(before);
});

test("who may not write may not order", async () => {
  const { order, state, said } = await world();

  await order("cancel", "jonas");

  expect(await state()).toEqual({ at: "queued" });
  expect(said().at(-1)).toContain("takes `triage` access");
});

test("an order without a run is answered", async () => {
  const { order, runs, said } = await world();
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("nothing was begun");
  await runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });

  await order("stop");

  expect(said().at(-1)).toContain("no run to stop");
});
