import { expect, test } from "vitest";
import type { Issue } from "../../src/domain/issue.ts";
import type { Forges } from "../../src/ports/forge.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import type { MemoryPullRequest } from "../fakes/memory-pull-requests.ts";
import { createMemoryWorkspace } from "../fakes/memory-workspace.ts";
import type { TreeFile } from "../fixtures/make-repository.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { faultyLine, faultyPath, rightLine, smallIssue, smallProject } from "../fixtures/small-project.ts";

type Files = Readonly<Record<string, TreeFile>>;

const withLine = (line: string): Files => ({
  ...smallProject,
  [faultyPath]: String(smallProject[faultyPath]).replace(faultyLine, line),
});

type Scene = {
  readonly pull?: Partial<MemoryPullRequest>;
  readonly body?: string;
  readonly workspace?: (workspace: Workspace) => Workspace;
};

/** A run of `validate` on pull request 7, whose head holds `files`. */
async function validated(files: Files, { pull, body, workspace: wrapped }: Scene = {}) {
  const workspace = createMemoryWorkspace();
  const head = workspace.commit("/project", files, "topic");
  const base = workspace.commit("/project", smallProject);
  const world = await makeWorld({
    kind: "validation",
    files: smallProject,
    issue: { title: "Let it add", body: body ?? "It subtracted." },
    workspace: wrapped?.(workspace) ?? workspace,
  });
  world.forge.pulls.put({
    number: 7,
    head: { branch: "topic", sha: head, foreign: false },
    base: { branch: "main", sha: base },
    forkPoint: base,
    ...pull,
  });
  return world;
}

test("how scripts end on both sides of a pull request is shown, and nothing is pushed", async () => {
  const world = await validated(withLine(rightLine));

  await world.work();

  const [said = ""] = world.said();
  expect(said).toContain(
    "1 script reproduces the issue on the base commit; with this patch 1 of 1 no longer shows it.",
  );
  expect(said).toContain("The scripts were written from this pull request's own text.");
  expect(said).toContain("| `asserting-1` (asserting) | exit 1 | exit 0 | fixed |");
  expect(await world.state()).toEqual({ at: "checked" });
  expect(world.forge.proposals).toEqual([]);
  expect(world.forge.pulls.commits).toEqual([]);
});

test("a pull request that leaves the script failing is not praised", async () => {
  const world = await validated(withLine("    return a * b"));

  await world.work();

  expect(world.said()).toEqual([
    expect.stringContaining("with this patch 0 of 1 no longer show it, 1 still does"),
  ]);
  expect(world.said().join()).not.toContain("Partly validated");
});

test("the scripts are written from the issue that the pull request names", async () => {
  const world = await validated(withLine(rightLine), { body: "Fixes #3" });
  const named: Issue = {
    ...smallIssue,
    ref: { repo: { owner: "octo", name: "calc" }, number: 3 },
    author: "rita",
  };
  const issue = (): Promise<Issue> => Promise.resolve(named);
  const forges: Forges = {
    forInstallation: (id, use) => ({ ...world.forge.forInstallation(id, use), issue }),
  };

  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf());

  expect(world.said()).toEqual([expect.stringContaining("The scripts were written from issue #3.")]);
});

test("what was executed is told apart from what was pushed meanwhile", async () => {
  const pushed = "c".repeat(40);
  let push = (): void => undefined;
  const world = await validated(withLine(rightLine), {
    workspace: (workspace) => ({
      ...workspace,
      checkout: (...all) => {
        push();
        return workspace.checkout(...all);
      },
    }),
  });
  push = () => world.forge.pulls.push("topic", pushed);

  await world.work();

  expect(world.said()).toEqual([
    expect.stringContaining("**The pull request has moved on** to `cccccccccc`"),
  ]);
});

test.each<[string, Partial<MemoryPullRequest>, string]>([
  [
    "from a fork",
    { head: { branch: "topic", sha: "b".repeat(40), foreign: true } },
    "lies in another repository (a fork), and its code is foreign",
  ],
  ["that is closed", { open: false }, "the pull request is closed"],
  ["without a common commit", { forkPoint: null }, "no commit in common with its base branch"],
])("a pull request %s is refused, and nothing of it runs", async (_, change, why) => {
  const world = await validated(withLine(rightLine), { pull: change });

  await world.work();

  expect(world.said()).toEqual([expect.stringContaining(why)]);
  expect(world.sandbox.jobs).toEqual([]);
  expect(await world.state()).toEqual({ at: "checked" });
});

test("a pull request with a file that is no text is not judged", async () => {
  const world = await validated({ ...smallProject, "logo.png": new Uint8Array([0, 1, 2]) });

  await world.work();

  expect(world.said()).toEqual([expect.stringContaining("it changes logo.png, which is no text")]);
});
