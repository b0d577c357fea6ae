import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { deliveryWorld } from "./delivery-world.ts";
import { labeled } from "./payloads.ts";

const labelAt = (updated_at: string) => {
  const { issue, ...rest } = labeled();
  return { ...rest, issue: { ...issue, updated_at } };
};

const foundAt = (at: string) => ({
  action: "found",
  installation: 7,
  issue: {
    ref: { repo: { owner: "acme", name: "cadence" }, number: 12 },
    title: "t",
    body: "",
    author: "jonas",
  },
  sender: "maria",
  label: "copatcher",
  at,
});

type Told = readonly [id: string, event: string, payload: object];
const label = (at: string): Told => ["d1", "issues", labelAt(at)];
const older: Told = ["d0", "issues", labelAt("2026-01-02T10:00:00Z")];
const found = (at: string): Told => ["label-event-1", "copatcher-label", foundAt(at)];

test.each([
  [
    "a late delivery of the label that the sweep found",
    found("2026-01-02T10:00:00Z"),
    label("2026-01-02T10:00:01Z"),
    1,
  ],
  ["a late delivery of a later label", found("2026-01-02T10:00:00Z"), label("2026-01-02T10:07:00Z"), 2],
  [
    "what the sweep found, late, of a label that was heard",
    label("2026-01-02T10:00:01Z"),
    found("2026-01-02T10:00:00Z"),
    1,
  ],
  ["what the sweep found of a later label", label("2026-01-02T10:00:01Z"), found("2026-01-02T10:07:00Z"), 2],
  ["a late delivery of an earlier label", label("2026-01-02T10:00:01Z"), older, 1],
])("after a run has ended, no label gets another: %s", async (_, first, second, count) => {
  const { runs, deliver } = deliveryWorld();
  await deliver(...first);
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new Error("no run was to be had");
  await runs.advance(claim, { kind: "ended", state: { at: "failed", code: "internal" } });

  await deliver(...second);

  expect(await runs.recent(10)).toHaveLength(count);
});

test.each([
  ["as it does now", { installation: { id: 7 }, repository: { full_name: "acme/cadence" } }],
  ["as it did at first", {}],
])("a label that the sweep found starts a run, stored %s", async (_, fields) => {
  const { runs, deliver } = deliveryWorld();

  await deliver("label-event-1", "copatcher-label", { ...foundAt("2026-01-02T10:00:00Z"), ...fields });

  expect(await runs.recent(10)).toMatchObject([{ installation: 7, issue: { ref: { number: 12 } } }]);
});
