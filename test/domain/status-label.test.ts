import { expect, test } from "vitest";
import type { RunState } from "../../src/domain/run.ts";
import { statusLabels, statusOf } from "../../src/domain/status-label.ts";

const proposed = { at: "proposed", pullRequest: 9, url: "https://github.example/9" } as const;

test.each<readonly [RunState, boolean, ReturnType<typeof statusOf>]>([
  [{ at: "queued" }, false, "queued"],
  [{ at: "running", stage: "rank" }, false, "running"],
  [proposed, true, "pr-open"],
  [proposed, false, null],
  [{ at: "declined", reason: "no-location" }, false, "needs-info"],
  [{ at: "declined", reason: "not-reproduced-and-no-majority" }, false, "needs-info"],
  [{ at: "declined", reason: "all-regress" }, false, "no-fix"],
  [{ at: "declined", reason: "refused" }, false, "no-fix"],
  [{ at: "failed", code: "internal" }, false, "failed"],
  [{ at: "cancelled", by: "maria" }, false, null],
  [{ at: "checked" }, false, null],
])("a repair that is %j shows %s", (state, open, status) => {
  expect(statusOf({ state }, open)).toBe(status);
});

test("GitHub takes every label", () => {
  expect(Object.keys(statusLabels)).toHaveLength(6);
  for (const { name, color, description } of Object.values(statusLabels)) {
    expect(name).toMatch(/^copatcher: [a-z-]{1,30}$/);
    expect(color).toMatch(/^[0-9a-f]{6}$/);
    expect(description.length).toBeLessThanOrEqual(100);
  }
});
