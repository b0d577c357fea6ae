import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { deliveryWorld } from "./delivery-world.ts";
import { labeled } from "./payloads.ts";

test.each([
  ["of the label that the sweep found starts no second run", "2026-01-02T10:00:01Z", 1],
  ["of a label that was put on later starts another", "2026-01-02T10:07:00Z", 2],
])("a late delivery %s", async (_, updated_at, count) => {
  const { runs, deliver } = deliveryWorld();
  const { issue, ...rest } = labeled();
  const found = {
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
    at: "2026-01-02T10:00:00Z",
  };
  await deliver("label-event-1", "copatcher-label", found);
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new Error("no run was to be had");
  await runs.advance(claim, { kind: "ended", state: { at: "failed", code: "internal" } });

  await deliver("d1", "issues", { ...rest, issue: { ...issue, updated_at } });

  expect(await runs.recent(10)).toHaveLength(count);
});
