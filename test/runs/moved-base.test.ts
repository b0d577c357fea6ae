import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Forges } from "../../src/ports/forge.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import type { Claim } from "../../src/ports/run-store.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { createMemoryWorkspace } from "../fakes/memory-workspace.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { faultyLine, faultyPath, rightLine, smallProject } from "../fixtures/small-project.ts";

const faulty = String(smallProject[faultyPath]);
const testPath = "tests/test_core.py";

/** A run at whose end its branch has other files. */
async function movedWorld(change: Readonly<Record<string, string>>) {
  const workspace = createMemoryWorkspace();
  workspace.commit("/project", smallProject);
  const world = await makeWorld({ workspace });
  let sha = workspace.commit("/project", { ...smallProject, ...change }, "moved");
  const forges: Forges = {
    forInstallation: (id, use) => ({
      ...world.forge.forInstallation(id, use),
      branch: async (_, name) => ({ name, sha }),
    }),
  };
  const found: unknown[] = [];
  const outage = { now: false };
  const away = new RepairError("forge-unavailable", "the server cannot be reached");
  const whenReachable: Workspace = {
    ...workspace,
    checkout: (source, ref, signal) =>
      outage.now && ref === sha ? Promise.reject(away) : workspace.checkout(source, ref, signal),
  };
  const journal = (claim: Claim): Journal => {
    const own = world.deps.journal(claim);
    return {
      ...own,
      async step(name, ...rest) {
        const value = await own.step(name, ...rest);
        if (name === "moved-base") found.push(value);
        return value;
      },
    };
  };
  return {
    ...world,
    sha,
    /** What the run found of its moved base, each time it asked. */
    found,
    /** Whether the branch's new head can be fetched now. */
    outage,
    work: async () => {
      const tools = { ...world.deps.tools, workspace: whenReachable };
      return executeRun({ ...world.deps, tools, forges, journal }, await world.claim(), controlOf());
    },
    moveTo: (other: string) => {
      sha = other;
    },
    later: workspace.commit("/project", { ...smallProject, "NEWS.md": "" }, "later"),
    proposal: () => world.forge.proposals[0]?.proposal,
    baseJobs: () => world.sandbox.jobs.filter(({ label }) => label.startsWith("poc")).length,
  };
}

test("a branch that moved on elsewhere changes nothing", async () => {
  const world = await movedWorld({ "README.md": "# New\n" });

  await world.work();

  expect(world.proposal()?.body).not.toContain("has moved");
  expect(world.found).toEqual([null]);
});

test.each([
  ["a test", { [testPath]: "from calc.core import add\n\n\ndef test_one():\n    assert add(1, 0) == 1\n" }],
  ["another part of a patched file", { [faultyPath]: `${faulty}\n\n# the end\n` }],
])("where %s was changed meanwhile the patch is executed again on the new head", async (_, change) => {
  const world = await movedWorld(change);
  const still = await movedWorld({});
  await still.work();

  await world.work();

  expect(world.proposal()?.body).toMatch(
    new RegExp(
      `### The base branch has moved[\\s\\S]*has moved from .* to \`${world.sha.slice(0, 10)}\`[\\s\\S]*executed there again\\. \\*\\*`,
    ),
  );
  expect(world.proposal()?.body).toContain("1 script reproduces the issue");
  expect(world.baseJobs()).toBeGreaterThan(still.baseJobs());
  expect(world.found).toMatchObject([{ holds: true }]);
  // the evidence and the branch are those of the commit that the run began on
  expect(world.proposal()?.base.sha).toBe(still.proposal()?.base.sha);
});

test("a patch that does not fit any more does not hold, and that is said", async () => {
  const world = await movedWorld({ [faultyPath]: faulty.replace(faultyLine, "    return -b + a") });

  await world.work();

  expect(world.found).toMatchObject([{ holds: false }]);
  expect(world.proposal()?.body).toContain("**The patch does not fit there any more.**");
});

test("a patch that somebody else made meanwhile does not fit either", async () => {
  const world = await movedWorld({ [faultyPath]: faulty.replace(faultyLine, rightLine) });

  await world.work();

  expect(world.proposal()?.body).toContain("does not fit there any more");
});

test("a new head on which nothing can be executed is said", async () => {
  const world = await movedWorld({ [testPath]: "", ".github/copatcher.yml": "pr: {mode: merge}" });

  await world.work();

  expect(world.proposal()?.body).toContain("**The patch was not executed there:** the settings");
});

test("a new head that cannot be read does not cost the patch", async () => {
  const world = await movedWorld({});
  world.moveTo("f".repeat(40));

  await world.work();

  expect(world.found).toMatchObject([{ holds: false }]);
  expect(world.proposal()?.body).toContain(`to \`${"f".repeat(10)}\`. **The patch was not executed there:**`);
});

test("an outage while the new head is read makes the run wait, and is not taken for what becomes of the patch", async () => {
  const world = await movedWorld({ "README.md": "# New\n" });
  world.outage.now = true;
  await world.work();
  expect(await world.state()).toMatchObject({ at: "queued", postponed: { code: "forge-unavailable" } });
  expect(world.found).toEqual([]);

  world.outage.now = false;
  await world.deps.clock.sleep(60_000);
  await world.work();

  expect(world.found).toEqual([null]);
  expect(await world.state()).toMatchObject({ at: "proposed" });
});

test("a resumed run says what it saw, wherever the branch is by then", async () => {
  const world = await movedWorld({ [testPath]: "# other tests\n" });
  world.forge.breakDown("propose", new RepairError("forge-unavailable", "GitHub is down"));
  await world.work();
  world.forge.breakDown("propose", null);
  world.moveTo(world.later);
  await world.deps.clock.sleep(3 * 60 * 60_000);

  await world.work();

  expect(world.proposal()?.body).toContain(`to \`${world.sha.slice(0, 10)}\``);
});
