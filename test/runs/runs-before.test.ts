import { expect, test } from "vitest";
import { runsBefore } from "../../src/runs/runs-before.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

const now = Date.UTC(2026, 0, 2, 10);
const second = 1_000;
const said = (seconds: number) => ({ at: new Date(now + seconds * second).toISOString(), comment: null });

/** How many runs count as asked for before something that was said so many seconds after the request was stored. */
async function before(seconds: number, trigger: { readonly at?: string; readonly repeats?: true }) {
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock: createFixedClock(now) });
  const request = makeRunRequest();
  await runs.request({ ...request, trigger: { ...request.trigger, ...trigger } }, policy);
  return (await runsBefore(runs, request.issue.ref, said(seconds))).length;
}

const long = new Date(now - 3_600 * second).toISOString();

test.each([
  ["of which the forge does not say when", {}],
  ["that repeats one of long ago", { at: long, repeats: true }],
] as const)("a request %s counts by our clock, which may be a minute ahead", async (_, trigger) => {
  expect([await before(0, trigger), await before(-60, trigger), await before(-61, trigger)]).toEqual([
    1, 1, 0,
  ]);
});

test("a request that the forge says the time of counts by the forge's clock alone", async () => {
  expect([await before(-3_600, { at: long }), await before(-3_601, { at: long })]).toEqual([1, 0]);
});

test.each([null, { at: "some day", comment: null }])(
  "what nobody knows the time of is for all runs (%j)",
  async (nothing) => {
    const runs = createMemoryRunStore(createMemoryJobQueue());
    const request = makeRunRequest();
    await runs.request(request, policy);

    expect(await runsBefore(runs, request.issue.ref, nothing)).toHaveLength(1);
  },
);
