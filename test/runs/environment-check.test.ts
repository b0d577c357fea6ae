import { expect, test } from "vitest";
import { createFakeEnvironments } from "../fakes/fake-environments.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { makeWorld } from "../fixtures/run-world.ts";
import { smallProject } from "../fixtures/small-project.ts";

const files = { ...smallProject, ".github/copatcher.yml": "environment:\n  setup: [make deps]\n" };
const junit = `<testsuites><testsuite>${["a", "b", "c"].map((name) => `<testcase classname="t" name="${name}" time="0"/>`).join("")}</testsuite></testsuites>`;
const testsPass: Answer = (_, job) => exited(0, "", job.label === "environment/tests" ? junit : null);

test("a check answers with what was built and which tests were seen, in a comment of its own", async () => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ kind: "environment-check", files, environments, answer: testsPass });

  await world.work();

  expect(await world.state()).toEqual({ at: "checked" });
  expect(world.said()).toEqual([expect.stringContaining("copatcher:check:issue=7")]);
  expect(world.said()[0]).toContain("**The environment was built in 7 s.** 3 tests seen");
  expect(world.said()[0]).toContain("`make deps` (done)");
  expect(world.forge.proposals).toEqual([]);
  expect(world.sandbox.openSessions()).toBe(0);
});

test("a check of a set-up that fails answers with the failing command and its last lines", async () => {
  const environments = createFakeEnvironments({ failingStep: "make deps" });
  const world = await makeWorld({ kind: "environment-check", files, environments });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "environment-failed" });
  expect(world.said()[0]).toContain("The command `make deps` failed (exit 1)");
  expect(world.said()[0]).toContain("No matching distribution");
});

test("a check whose worker died is done by the next one, from the cache, and answered once", async () => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ kind: "environment-check", files, environments, answer: testsPass });
  const shutdown = new AbortController();
  const stopping: Answer = (command, job, index) => {
    shutdown.abort(new Error("shutdown"));
    return testsPass(command, job, index);
  };
  const dying = await makeWorld({ kind: "environment-check", files, environments, answer: stopping });
  await dying.work(shutdown.signal);
  expect(await dying.state()).toEqual({ at: "queued" });

  await world.work();

  expect(world.said()[0]).toContain("from the cache");
});

test("a check shows only the stages that it has", async () => {
  const world = await makeWorld({ kind: "environment-check", files, answer: testsPass });

  expect(world.said()[0]).toContain("Build the environment");
  expect(world.said()[0]).not.toContain("Write patches");
});

test("a check of one project builds from its own manifests and runs its tests, and says so", async () => {
  const environments = createFakeEnvironments();
  const project = "projects: [{path: api/**, tests: {command: make api}}]\n";
  const tree = {
    ...smallProject,
    "api/app.py": "A = 1\n",
    "api/requirements.txt": "six\n",
    ".github/copatcher.yml": project,
  };
  const options = { kind: "environment-check", files: tree, environments, answer: testsPass } as const;
  const world = await makeWorld({ ...options, path: "api" });

  await world.work();

  expect(world.said()[0]).toContain("built from: requirements.txt in api");
  expect(world.said()[0]).toContain("(make api)");
  expect(world.said()[0]).toContain("those of api/");
  expect(environments.builds[0]?.plan.inputs).toEqual(["api/requirements.txt"]);
});
