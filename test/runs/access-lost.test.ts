import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Forge, Permission } from "../../src/ports/forge.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { reviewWorld } from "./review-world.ts";

/** The same forge, which says this of everybody's permission. */
const saying =
  (permission: Permission | RepairError) =>
  (forge: Forge): Forge => ({
    ...forge,
    permission: async () => {
      if (permission instanceof RepairError) throw permission;
      return permission;
    },
  });

async function repaired(permission: Permission | RepairError) {
  const world = await makeWorld();
  const wrap = saying(permission);
  const forges: typeof world.deps.forges = {
    forInstallation: (id, use) => wrap(world.forge.forInstallation(id, use)),
  };
  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf());
  return world;
}

test("a patch of somebody who may not ask for it any more is only shown", async () => {
  const world = await repaired("read");

  expect(await world.state()).toEqual({ at: "declined", reason: "refused" });
  expect(world.forge.proposals).toEqual([]);
  expect(world.said().at(-1)).toMatch(/`hubot`, who asked for it, may not ask for it any more[\s\S]*```diff/);
});

test("so is that of somebody whom GitHub does not know any more", async () => {
  const world = await repaired(new RepairError("forge-rejected", "GitHub answered 404: Not Found"));

  expect(world.forge.proposals).toEqual([]);
  expect(world.said().at(-1)).toContain("may not ask for it any more");
});

test("while GitHub cannot say it the run waits", async () => {
  const world = await repaired(new RepairError("forge-unavailable", "GitHub answered 502"));

  expect(await world.state()).toMatchObject({ at: "queued", postponed: { code: "forge-unavailable" } });
});

test.each(["revision", "test-addition"] as const)(
  "a %s that somebody asked for who may not any more adds no commit",
  async (kind) => {
    const { world, work, said } = await reviewWorld({ kind });

    await work(saying("triage"));

    expect(said()).toContain("who asked for this may not ask for it any more, so nothing was committed");
    expect(world.forge.pulls.commits).toEqual([]);
  },
);
