import { expect, test } from "vitest";
import type { RunKind } from "../../src/domain/run.ts";
import { environmentScope } from "../../src/runs/environment-scope.ts";
import type { RepoSource } from "../../src/ports/workspace.ts";
import { createFakeEnvironments } from "../fakes/fake-environments.ts";
import { createMemoryWorkspace } from "../fakes/memory-workspace.ts";
import { makeWorld } from "../fixtures/run-world.ts";
import { smallProject } from "../fixtures/small-project.ts";

const remote = (owner: string): RepoSource => ({
  kind: "remote",
  repo: { owner, name: "calc" },
  url: `https://github.test/${owner}/calc.git`,
  authorization: null,
});
const files = { ...smallProject, ".github/copatcher.yml": "environment:\n  setup: [make deps]\n" };
const onMain = { installation: 1, branch: "main" };

test.each([
  ["a fork with the same manifests", remote("evil"), onMain],
  ["a branch that somebody pushed", remote("octo"), { ...onMain, branch: "evil" }],
  ["another installation", remote("octo"), { ...onMain, installation: 2 }],
])("%s shares no environment with the default branch", (_, source, origin) => {
  expect(environmentScope(source, origin)).not.toBe(environmentScope(remote("octo"), onMain));
});

test("the spelling of a repository's name makes no second environment", () => {
  expect(environmentScope(remote("Octo"), onMain)).toBe(environmentScope(remote("octo"), onMain));
});

test("all commits of a folder share theirs", () => {
  const scopeOf = (directory: string): string => environmentScope({ kind: "local", directory }, null);

  expect(scopeOf("/work/calc")).toBe(scopeOf("/work/calc"));
  expect(scopeOf("/work/calc")).not.toBe(scopeOf("/work/other"));
});

/** The scopes of what a run builds, once for each. */
async function scopesOf(kind: RunKind, installation: number, branch: string): Promise<readonly string[]> {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ kind, files });
  const main = await world.forge.forInstallation(1).defaultBranch(world.run.issue.ref.repo);
  const named = await makeWorld({
    kind,
    files,
    environments,
    installation,
    branch: { name: branch, sha: main?.sha ?? "" },
  });
  await named.work();
  return [...new Set(environments.builds.map(({ scope }) => scope))];
}

test.each(["repair", "environment-check"] as const)(
  "the kind %s builds for its installation and its branch",
  async (kind) => {
    const folder: RepoSource = { kind: "local", directory: "/project" };

    expect(await scopesOf(kind, 3, "develop")).toEqual([
      environmentScope(folder, { installation: 3, branch: "develop" }),
    ]);
  },
);

test("a pull request is executed in the environment of its own base branch", async () => {
  const environments = createFakeEnvironments();
  const workspace = createMemoryWorkspace();
  const head = workspace.commit("/project", { ...files, "new.py": "x = 1\n" }, "topic");
  const base = workspace.commit("/project", files);
  const world = await makeWorld({ kind: "validation", files, environments, workspace });
  world.forge.pulls.put({
    number: 7,
    head: { branch: "topic", sha: head, foreign: false },
    base: { branch: "release", sha: base },
    forkPoint: base,
  });

  await world.work();

  expect(environments.builds.map(({ scope }) => scope)).toEqual([
    environmentScope({ kind: "local", directory: "/project" }, { installation: 1, branch: "release" }),
  ]);
});
