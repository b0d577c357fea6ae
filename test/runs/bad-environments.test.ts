import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Sandbox, SandboxJob } from "../../src/ports/sandbox.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { createFakeEnvironments } from "../fakes/fake-environments.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { smallProject } from "../fixtures/small-project.ts";

const never = controlOf();
const withSettings = (environment: object) => ({
  ...smallProject,
  Dockerfile: "FROM a\n",
  ".devcontainer.json": '{ "image": "python:3" }',
  ".github/copatcher.yml": JSON.stringify({ environment }),
});

/** A run whose sandbox fails with `error` when it opens (null) or in the jobs whose label begins so. */
async function failing(error: Error, label: string | null, environment: object = {}) {
  const world = await makeWorld({ files: withSettings({ devcontainer: false, ...environment }) });
  const { tools } = world.deps;
  const sandbox: Sandbox = {
    ...tools.sandbox,
    async open(request, signal) {
      if (label === null) throw error;
      const session = await tools.sandbox.open(request, signal);
      const run = async (job: SandboxJob, jobSignal: AbortSignal) => {
        if (job.label.startsWith(label)) throw error;
        return session.run(job, jobSignal);
      };
      return { ...session, run };
    },
  };
  await executeRun({ ...world.deps, tools: { ...tools, sandbox } }, await world.claim(), never);
  return { world, state: await world.state(), said: world.said().join("\n") };
}

test.each<[string, object, RegExp]>([
  [
    "an image and a Dockerfile",
    { image: "a", dockerfile: "Dockerfile" },
    /image and dockerfile exclude each other/,
  ],
  [
    "an image and a devcontainer",
    { image: "a", devcontainer: ".devcontainer.json" },
    /image and devcontainer exclude each other/,
  ],
  ["a name that is none", { image: "No Such: Image!!" }, /is no name of an image, like python:3\.12/],
  ["a name that leads elsewhere in the engine", { image: "../../containers/json" }, /is no name of an image/],
  ["an image by the beginning of its id", { image: "bd4" }, /is the id of an image; give its name/],
  ["another repository's environment", { image: "copatcher-environment/x:y" }, /Copatcher itself keeps/],
  ["a Dockerfile outside", { dockerfile: "../Dockerfile" }, /is no path of the repository/],
  ["a Dockerfile that is not there", { dockerfile: "ci/Dockerfile" }, /the repository has no such file/],
])("settings with %s end the run before anything is built or executed", async (_, environment, words) => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ files: withSettings(environment), environments });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "settings-invalid" });
  expect(world.said()[0]).toMatch(words);
  expect(world.said()[0]).toContain("**Next step:** Correct .github/copatcher.yml");
  expect([environments.builds, world.sandbox.requests]).toEqual([[], []]);
});

test("a devcontainer with a wrong image name is refused as such", async () => {
  const files = { ...smallProject, ".devcontainer.json": '{ "image": "x/../../y" }' };
  const world = await makeWorld({ files });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "devcontainer-unsupported" });
  expect(world.said()[0]).toContain("is no name of an image");
});

test.each([
  ["at the start", null],
  ["in mid-run", "candidate"],
])(
  "a run without an engine %s waits for it with what it has, and opens no pull request",
  async (_, label) => {
    const gone = new RepairError(
      "sandbox-unavailable",
      "The Docker engine went away: it closed the streams.",
    );

    const { world, state, said } = await failing(gone, label);

    expect(state).toMatchObject({ at: "queued", postponed: { code: "sandbox-unavailable" } });
    expect(said).toContain("Copatcher is waiting: no sandbox is available");
    expect(world.forge.proposals).toEqual([]);
    expect(world.sandbox.openSessions()).toBe(0);
  },
);

const lacks = new RepairError(
  "sandbox-failed",
  "The sandbox container failed: the sandbox image lacks setpriv: sh: 42: setpriv: not found",
);

test.each([
  ["when it opens", null],
  ["when it is tried", "environment/toolchain"],
])("an image that cannot run commands is the repository's to correct, %s", async (_, label) => {
  const { state, said, world } = await failing(lacks, label, { image: "acme/tiny:1" });

  expect(state).toEqual({ at: "failed", code: "environment-failed" });
  expect(said).toContain("The image acme/tiny:1, which environment.image of .github/copatcher.yml asks for");
  expect(said).toContain("the sandbox image lacks setpriv. It must have sh, tar, setpriv");
  expect(world.sandbox.openSessions()).toBe(0);
});

test("the operator's own image is the operator's to correct", async () => {
  expect((await failing(lacks, null)).state).toEqual({ at: "failed", code: "sandbox-failed" });
});

test("a failing engine is not blamed on the repository's image", async () => {
  const error = new RepairError(
    "sandbox-failed",
    "The Docker engine failed while creating a volume: no space left",
  );

  const { state, said } = await failing(error, null, { image: "acme/tiny:1" });

  expect(state).toEqual({ at: "failed", code: "sandbox-failed" });
  expect(said).toContain("no space left");
});

test("a disk that is full makes the run wait, and its paths are not shown on the issue", async () => {
  const error = new RepairError(
    "store-unavailable",
    "the folder of the environments cannot be used: ENOSPC /srv/x",
  );

  const { state, said } = await failing(error, null);

  expect(state).toMatchObject({ at: "queued", postponed: { code: "store-unavailable" } });
  expect(said).toContain("the run store cannot be used");
  expect(said).not.toContain("/srv/x");
});

test("a patch of what is installed that cannot be installed offline is shown with that reason", async () => {
  const environments = createFakeEnvironments({ failingLayers: true });
  const files = withSettings({ setup: ["python3 calc/core.py"] });
  const world = await makeWorld({ files, environments });

  await world.work();

  const shown = [...world.said(), ...world.forge.proposals.map(({ proposal }) => proposal.body)].join("\n");
  expect(shown).toContain("cannot be installed without network");
  expect(shown).not.toMatch(/\*\*Validated\.\*\*/);
});
