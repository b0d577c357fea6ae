import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { deliveryWorld } from "./delivery-world.ts";
import { commented, labeled } from "./payloads.ts";

const locked = new RepairError(
  "forge-rejected",
  "GitHub answered 403: Unable to create comment because issue is locked.",
);

/** The App may read the issue, but neither comment on it nor react. */
function lockedWorld(error: Error = locked) {
  const world = deliveryWorld();
  for (const method of ["react", "upsertComment"] as const) world.forges.breakDown(method, error);
  return { ...world, isFinished: async (id: string) => (await world.runs.delivery(id)) === null };
}

test("cancel reaches the run of an issue that was locked", async () => {
  const { runs, deliver, isFinished } = lockedWorld();
  await deliver("d1", "issues", labeled());
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("nothing was begun");

  await deliver("d2", "issue_comment", commented("/copatcher cancel"));

  expect((await runs.heartbeat(claim)).cancel).toEqual({ by: "maria", successor: null });
  expect([await isFinished("d1"), await isFinished("d2")]).toEqual([true, true]);
});

test("a queued run of a locked issue ends with cancel, though nobody can be told", async () => {
  const { runs, deliver, isFinished } = lockedWorld();
  await deliver("d1", "issue_comment", commented("/copatcher fix"));

  await deliver("d2", "issue_comment", commented("/copatcher cancel"));

  expect(await runs.recent(9)).toMatchObject([{ state: { at: "cancelled", by: "maria" } }]);
  expect([await isFinished("d1"), await isFinished("d2")]).toEqual([true, true]);
});

test.each([
  ["/copatcher fix", "jonas"],
  ["/copatcher cancel", "jonas"],
  ["/copatcher stop", "maria"],
  ["/copatcher help", "maria"],
  ["/copatcher status", "maria"],
  ["/copatcher config", "maria"],
  ["/copatcher retry", "maria"],
  ["/copatcher merge", "maria"],
])("%s by %s ends there and is in the log", async (comment, login) => {
  const { logger, runs, deliver, isFinished } = lockedWorld();

  await deliver("d1", "issue_comment", commented(comment, { sender: { login } }));

  expect([await runs.recent(9), await isFinished("d1")]).toEqual([[], true]);
  expect(logger.lines.map(({ text }) => text)).toContain("a comment on acme/cadence#12 was refused");
});

test("a forge that is away is no such thing: the delivery is tried again", async () => {
  const { deliver, isFinished } = lockedWorld(new RepairError("forge-unavailable", "no answer"));

  await expect(deliver("d1", "issue_comment", commented("/copatcher fix"))).rejects.toMatchObject({
    code: "forge-unavailable",
  });
  expect(await isFinished("d1")).toBe(false);
});
