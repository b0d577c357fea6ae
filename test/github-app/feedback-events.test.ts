import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { deliveryWorld } from "./delivery-world.ts";
import { checked, labeled, mergedWith, reopened } from "./payloads.ts";

const repo = { owner: "acme", name: "cadence" };

test("what CI says of a pull request of ours is kept, and that its issue was opened again", async () => {
  const { runs, feedback, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new Error("no run was to be had");
  const state = { at: "proposed", pullRequest: 40, url: "https://example.test/pull/40" } as const;
  await runs.advance(claim, { kind: "ended", state });

  await deliver("d2", "check_run", checked("copatcher/issue-12"));
  await deliver("d3", "issues", reopened());

  const at = "2026-01-02T10:00:00Z";
  expect(feedback).toEqual([
    {
      repo,
      number: 40,
      feedback: { what: "checks", name: "test", headSha: "c".repeat(40), conclusion: "failure", at },
    },
    { repo, number: 40, feedback: { what: "issue-reopened", by: "maria", at } },
  ]);
});

test("an issue that no run of ours had proposed anything for may be opened again", async () => {
  const { feedback, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());

  await deliver("d2", "issues", reopened());

  expect(feedback).toEqual([]);
});

test("what took a pull request back is kept with it", async () => {
  const { feedback, deliver } = deliveryWorld();

  await deliver("d1", "pull_request", mergedWith("Too early.\r\nReverts Acme/Cadence#40\r\n"));

  const at = "2026-01-02T10:00:00Z";
  expect(feedback).toEqual([
    { repo, number: 40, feedback: { what: "reverted", revert: 50, by: "maria", at } },
  ]);
});

test.each([
  ["of another repository", mergedWith("Reverts acme/other#40")],
  ["in the middle of a sentence", mergedWith("It says: Reverts acme/cadence#40 and more")],
  ["of one that was not merged", mergedWith("Reverts acme/cadence#40", { merged: false })],
  ["of no number", mergedWith("Reverts acme/cadence#0")],
])("a word %s takes nothing back", async (_, payload) => {
  const { feedback, deliver } = deliveryWorld();

  await deliver("d1", "pull_request", payload);

  expect(feedback).toEqual([]);
});
