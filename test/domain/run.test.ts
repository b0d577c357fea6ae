import { expect, test } from "vitest";
import { causeOf, transition, type RunEvent, type RunState } from "../../src/domain/run.ts";

const queued: RunState = { at: "queued" };
const running: RunState = { at: "running", stage: "generate" };
const proposed: RunState = { at: "proposed", pullRequest: 1, url: "u" };
const postponement = { until: 5, code: "forge-unavailable" } as const;

const claimed: RunEvent = { kind: "claimed", owner: "w" };
const cancelled: RunEvent = { kind: "ended", state: { at: "cancelled", by: "maria" } };

test.each<[string, RunState, RunEvent, RunState | null]>([
  ["a queued run is begun", queued, claimed, { at: "running", stage: "checkout" }],
  ["a running run is not begun again", running, claimed, null],
  ["a run enters a stage", running, { kind: "entered", stage: "rank" }, { at: "running", stage: "rank" }],
  ["a queued run enters no stage", queued, { kind: "entered", stage: "rank" }, null],
  ["an interrupted run waits", running, { kind: "interrupted", why: "shutdown" }, queued],
  ["an ended run is not interrupted", proposed, { kind: "interrupted", why: "lease-expired" }, null],
  [
    "a postponed run waits until then",
    running,
    { kind: "postponed", postponement },
    { at: "queued", postponed: postponement },
  ],
  ["a running run ends", running, { kind: "ended", state: { at: "checked" } }, { at: "checked" }],
  ["a queued run can be cancelled", queued, cancelled, { at: "cancelled", by: "maria" }],
  ["a queued run has no other end", queued, { kind: "ended", state: { at: "checked" } }, null],
  ["an ended run stays ended", proposed, cancelled, null],
])("%s", (_, from, event, to) => {
  expect(transition(from, event)).toEqual(to);
});

test("every event has a cause in words", () => {
  expect(causeOf(claimed)).toBe("claimed by w");
  expect(causeOf({ kind: "entered", stage: "rank" })).toBe("entered rank");
  expect(causeOf({ kind: "interrupted", why: "lease-expired" })).toBe("interrupted: lease-expired");
  expect(causeOf({ kind: "postponed", postponement })).toBe("postponed: forge-unavailable");
  expect(causeOf(cancelled)).toBe("cancelled by maria");
  expect(causeOf({ kind: "ended", state: { at: "checked" } })).toBe("checked");
});
