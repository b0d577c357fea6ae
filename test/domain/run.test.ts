import { expect, test } from "vitest";
import { canAdvance, type RunState } from "../../src/domain/run.ts";

const queued: RunState = { at: "queued" };
const running: RunState = { at: "running", stage: "generate" };
const proposed: RunState = { at: "proposed", pullRequest: 1, url: "u" };
const failed: RunState = { at: "failed", code: "internal" };

test.each([
  ["a queued run starts", queued, running, true],
  ["a running run moves to another stage", running, running, true],
  ["a running run is requeued", running, queued, true],
  ["a running run ends", running, proposed, true],
  ["a check ends", running, { at: "checked" } as const, true],
  ["a check that ended stays ended", { at: "checked" } as const, running, false],
  ["a queued run can be cancelled", queued, { at: "cancelled", by: "maria" } as const, true],
  ["a queued run proposes nothing", queued, proposed, false],
  ["an ended run stays ended", proposed, running, false],
  ["a failed run is not requeued", failed, queued, false],
])("%s: %s", (_, from, to, allowed) => {
  expect(canAdvance(from, to)).toBe(allowed);
});
