import { expect, test } from "vitest";
import { roles } from "../../src/domain/transcript.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import type { RepoSource } from "../../src/ports/workspace.ts";
import { withStage } from "../../src/runs/with-stage.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { createFakeSandbox } from "../fakes/fake-sandbox.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const models = createScriptedClient({ replies: smallReplies() });
const inference: InferenceClient = {
  ...models,
  forRepository: (repository) => ({ ...models, model: (role) => `${role} of ${repository}` }),
};

/** The names of the models that work on a commit of `source` asks. */
async function askedOn(source: RepoSource, client: InferenceClient): Promise<readonly string[]> {
  const { context } = await makeStage();
  const defaults = { profile: context.profile, critique: false, rankingMethod: context.rankingMethod };
  const limits = { memoryMb: 256, setup: { memoryMb: 256, stepMinutes: 1 } };
  const tools = {
    ...context,
    inference: client,
    sandbox: createFakeSandbox(),
    languages: [context.language],
  };
  return withStage(
    { ...tools, defaults: { ...defaults, ...limits } },
    { ...context, source, project: null },
    async (stage) => roles.map((role) => stage.inference.model(role)),
  );
}

const remote: RepoSource = {
  kind: "remote",
  repo: { owner: "octo", name: "parcels" },
  url: "https://github.test/octo/parcels.git",
  authorization: null,
};

test("work on a repository asks the models that it has", async () => {
  expect(await askedOn(remote, inference)).toEqual([
    "loc-gen of octo/parcels",
    "val-assert of octo/parcels",
    "val-no-assert of octo/parcels",
  ]);
});

test.each([
  ["a folder", { kind: "local", directory: "/project" }, inference],
  ["a repository where all have the same", remote, models],
] as const)("work on %s asks the models of all", async (_what, source, client) => {
  expect(await askedOn(source, client)).toEqual(roles.map((role) => models.model(role)));
});
