import { describe, expect, test } from "vitest";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { createFakeEnvironments } from "../fakes/fake-environments.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { makeWorld, solvedByRightEdit } from "../fixtures/run-world.ts";
import { smallProject, smallReplies } from "../fixtures/small-project.ts";

const settings = (text: string): Readonly<Record<string, string>> => ({
  ...smallProject,
  ".github/copatcher.yml": text,
});
const withSetup = settings("environment:\n  setup: [make deps, make more]\n  activate: . ./env.sh\n");

test("a run builds what the settings say, and everything runs in it", async () => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ files: withSetup, environments });

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(environments.builds.map(({ plan }) => plan.steps.map(({ name }) => name))).toEqual([
    ["make deps", "make more"],
  ]);
  expect(world.sandbox.requests.map(({ environment }) => environment)).toEqual(["env-1"]);
  expect(world.sandbox.requests[0]?.warmUp ?? ". ./env.sh\n").toMatch(/^\. \.\/env\.sh\n/);
  const scripts = world.sandbox.jobs.flatMap(({ commands }) => commands.map(({ script }) => script));
  expect(scripts.filter((script) => !script.includes(". ./env.sh\n"))).toEqual([]);
  expect(world.sandbox.openSessions()).toBe(0);
});

test("progress names the step that runs, and nothing else of the log", async () => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({ files: withSetup, environments });

  await world.work();

  const texts = world.logger.lines.flatMap(({ data }) => {
    const event = data["progress"] as { stage: string; text: string } | undefined;
    return event?.stage === "environment" ? [event.text] : [];
  });
  expect(texts).toEqual([
    "building the environment from environment.setup of .github/copatcher.yml",
    "building the environment: make deps",
    "building the environment: make more",
    "ready, from environment.setup of .github/copatcher.yml",
  ]);
});

test("a candidate that changes what is installed runs in a layer, which is gone when the run ends", async () => {
  const environments = createFakeEnvironments();
  const world = await makeWorld({
    files: settings("environment: { setup: [python3 calc/core.py] }\n"),
    environments,
  });

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  const inLayer = world.sandbox.jobs.filter(({ environment }) => environment === "env-1-layer-1");
  expect(inLayer.map(({ label }) => label)).toContainEqual(expect.stringMatching(/^candidate\//));
  expect(environments.layers).toHaveLength(1);
  expect(environments.kept.size).toBe(0);
});

test("a sandbox without a builder runs in its default, and the record says what that leaves out", async () => {
  const world = await makeWorld({ files: withSetup });

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.sandbox.requests.map(({ environment }) => environment)).toEqual([null]);
  const setUps = (await world.records.events(world.run.id)).flatMap(({ event }) =>
    event.kind === "setup" ? event.environment.source : [],
  );
  expect(setUps).toEqual([
    expect.stringContaining("what environment.setup of .github/copatcher.yml installs and"),
  ]);
});

test("a failing set-up ends the run with the failing command, its last lines and the log's place", async () => {
  const environments = createFakeEnvironments({ failingStep: "make more" });
  const world = await makeWorld({ files: withSetup, environments });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "environment-failed" });
  const [said = ""] = world.said();
  expect(said).toContain("The command `make more` failed (exit 1)");
  expect(said).toContain("````\nNo matching distribution\n```\n@everyone\n````");
  expect(said).toContain("`/data/b.log`");
  expect(said).toContain("**Next step:** ");
  expect(world.sandbox.requests).toEqual([]);
});

const withoutPython: Answer = (command, job, index) =>
  job.label === "environment/toolchain"
    ? exited(127, "sh: python3: not found")
    : solvedByRightEdit(command, job, index);

describe("where the language's programs are missing", () => {
  test("by default, nothing is executed, no script is asked for, and the pull request says why", async () => {
    const asked: string[] = [];
    const models = createScriptedClient({ replies: smallReplies() });
    const inference: InferenceClient = {
      ...models,
      sample(request, signal) {
        asked.push(request.stage);
        return models.sample(request, signal);
      },
      sampleMany(requests, signal) {
        asked.push(...requests.map(({ stage }) => stage));
        return models.sampleMany(requests, signal);
      },
    };
    const world = await makeWorld({ answer: withoutPython, inference });

    await world.work();

    expect(await world.state()).toMatchObject({ at: "proposed" });
    const [proposal] = world.forge.proposals;
    expect(proposal?.proposal.draft).toBe(true);
    expect(proposal?.proposal.title).not.toMatch(/^Fix /);
    expect(proposal?.proposal.body).toContain("Unverified");
    expect(proposal?.proposal.body).toMatch(
      /nothing was executed, because Python does not run in the sandbox/,
    );
    expect(new Set(asked)).toEqual(new Set(["localize-files", "localize-lines", "generate"]));
    expect(world.sandbox.jobs.map(({ label }) => label)).toEqual(["environment/toolchain"]);
    expect(world.sandbox.openSessions()).toBe(0);
  });

  test("in what the settings ask for, the run fails and says so", async () => {
    const world = await makeWorld({
      files: settings("environment: { image: 'alpine:3' }\n"),
      answer: withoutPython,
    });

    await world.work();

    expect(await world.state()).toEqual({ at: "failed", code: "environment-failed" });
    expect(world.said()[0]).toContain("Python does not run in alpine:3");
    expect(world.said()[0]).toContain("sh: python3: not found");
    expect(world.sandbox.openSessions()).toBe(0);
  });
});

test("a sandbox that cannot say whether the programs are there fails the run instead of executing nothing", async () => {
  const world = await makeWorld({
    answer: (command, job, index) =>
      job.label === "environment/toolchain"
        ? { kind: "not-started", reason: "the engine is gone" }
        : solvedByRightEdit(command, job, index),
  });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "sandbox-failed" });
});

test("a devcontainer that cannot be built here is answered with its key", async () => {
  const world = await makeWorld({
    files: { ...smallProject, ".devcontainer.json": '{ "image": "i", "features": { "x": {} } }' },
  });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "devcontainer-unsupported" });
  expect(world.said()[0]).toContain('"features" is not supported');
});
