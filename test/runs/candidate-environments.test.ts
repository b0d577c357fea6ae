import { expect, test } from "vitest";
import type { FileChange } from "../../src/domain/edit.ts";
import type { EnvironmentBase } from "../../src/domain/environment.ts";
import { createCandidateEnvironments } from "../../src/runs/candidate-environments.ts";
import { createFakeEnvironments, type FakeEnvironments } from "../fakes/fake-environments.ts";

const never = new AbortController().signal;
const change = (path: string, after: string | null = "new"): FileChange => ({ path, before: "old", after });

async function layersOf(builder: FakeEnvironments, base: EnvironmentBase = { kind: "image", image: null }) {
  const request = {
    label: "run-1",
    plan: {
      source: "requirements.txt",
      inputs: ["requirements.txt", "setup.py"],
      blobs: [],
      steps: [{ name: "pip install", script: "pip install" }],
      activate: "",
      base,
    },
    scope: "octo",
    tree: { file: "base.tar", sha: "a".repeat(40), bytes: 1, files: 1 },
    limits: { memoryMb: 64, stepMinutes: 1 },
    log: () => {},
  };
  const built = await builder.build(request, never);
  return createCandidateEnvironments({ builder, built, request }, never);
}

test("a candidate that changes nothing of what is installed shares the run's environment", async () => {
  const builder = createFakeEnvironments();
  const environments = await layersOf(builder);

  expect(await environments.placeFor([change("pkg/a.py")])).toEqual({ kind: "shared" });
  expect(builder.layers).toEqual([]);
});

test("a candidate that changes a manifest gets a layer with all of its files, once, until the run ends", async () => {
  const builder = createFakeEnvironments();
  const environments = await layersOf(builder);
  const changes = [change("setup.py"), change("pkg/a.py", null)];

  const places = await Promise.all([environments.placeFor(changes), environments.placeFor(changes)]);
  const other = await environments.placeFor([change("setup.py", "other")]);

  expect([...places, other]).toEqual(
    ["env-1-layer-1", "env-1-layer-1", "env-1-layer-2"].map((reference) => ({ kind: "layer", reference })),
  );
  expect(builder.layers[0]).toEqual([
    { path: "setup.py", content: "new" },
    { path: "pkg/a.py", content: null },
  ]);
  expect(builder.kept.size).toBe(2);
  await environments.close();
  expect(builder.kept.size).toBe(0);
});

test("a layer that cannot be built offline leaves the candidate nowhere to run, and says why", async () => {
  const environments = await layersOf(createFakeEnvironments({ failingLayers: true }));

  expect(await environments.placeFor([change("requirements.txt")])).toEqual({
    kind: "unable",
    reason: expect.stringMatching(/changes requirements\.txt, .* without network: .*exit 1/),
  });
});

test("a candidate that changes what a Dockerfile builds from is not run in the old image", async () => {
  const builder = createFakeEnvironments();
  const environments = await layersOf(builder, { kind: "dockerfile", path: "Dockerfile", context: "." });

  expect(await environments.placeFor([change("setup.py")])).toMatchObject({ kind: "unable" });
  expect(builder.layers).toEqual([]);
});
