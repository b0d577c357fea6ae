import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { createFakeEnvironments } from "../fakes/fake-environments.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { once } from "../fixtures/model-answers.ts";
import { rightEdit, smallProject, smallReplies } from "../fixtures/small-project.ts";

const withSettings = (text: string) => ({ files: { ...smallProject, ".github/copatcher.yml": text } });

test("the last word on a run says what of its settings does not hold, and nothing of it can link", async () => {
  const world = await makeWorld(withSettings('limits: {tokens: 600000}\n"@mona": 1\npr: {mode: draft}\n'));

  await world.work();

  expect(world.forge.proposals[0]?.proposal.draft).toBe(true);
  const said = world.said().at(-1) ?? "";
  expect(said).toContain("**Settings:**");
  expect(said).toContain(
    "limits.tokens: 600000 (repository) is more than the operator allows, so it is 400000",
  );
  expect(said).toContain("is no setting and is left out");
  expect(said).not.toContain("@mona");
});

test("a misspelt key is left out, and the last word names what was probably meant", async () => {
  const world = await makeWorld(withSettings("environment: {setpu: ['false']}"));

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.said().at(-1)).toMatch(
    /environment\.setpu: is no setting .* did you mean environment\.setup\?/,
  );
});

test("a run without such settings says nothing about them", async () => {
  const world = await makeWorld(withSettings("pr: {mode: ready}"));

  await world.work();

  expect(world.said().at(-1)).not.toContain("**Settings:**");
});

test.each([
  ["the owner's settings hold for every repository", "", true],
  ["the repository's settings go before the owner's", "pr: {mode: ready}", false],
])("%s", async (_, repository, draft) => {
  const world = await makeWorld({ ...withSettings(repository), ownerSettings: "pr: {mode: draft}" });

  await world.work();

  expect(world.forge.proposals.map(({ proposal }) => proposal.draft)).toEqual([draft]);
});

test("the owner's settings that are not valid end the run with their file and place", async () => {
  const world = await makeWorld({ ownerSettings: "pr: {mode: merge}" });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "settings-invalid" });
  expect(world.said().at(-1)).toContain("octo/.github/.github/copatcher.yml:1:12: pr.mode");
});

test("a run keeps the owner's settings of its begin when it is resumed", async () => {
  const world = await makeWorld({ ownerSettings: "pr: {mode: draft}" });
  world.forge.breakDown("propose", new RepairError("forge-unavailable", "GitHub is down"));
  await world.work();
  world.forge.breakDown("propose", null);
  world.forge.breakDown("file", new RepairError("forge-unavailable", "GitHub is down"));
  await world.deps.clock.sleep(3 * 60 * 60_000);

  await world.work();

  expect(world.forge.proposals.map(({ proposal }) => proposal.draft)).toEqual([true]);
});

test("a command of the set-up gets the repository's minutes, never more than the operator's", async () => {
  const minutes: number[] = [];
  for (const asked of [3, 30]) {
    const environments = createFakeEnvironments();
    const settings = JSON.stringify({ environment: { setup: ["true"], timeout_minutes: asked } });
    const world = await makeWorld({ ...withSettings(settings), environments });
    const { tools } = world.deps;
    const defaults = { ...tools.defaults, setup: { memoryMb: 256, stepMinutes: 20 } };
    await executeRun({ ...world.deps, tools: { ...tools, defaults } }, await world.claim(), controlOf());
    minutes.push(...environments.builds.map(({ limits }) => limits.stepMinutes).slice(0, 1));
  }

  expect(minutes).toEqual([3, 20]);
});

test("a patch of a file that the set-up makes something of runs where the set-up was repeated for it", async () => {
  const layersWith = async (patterns: readonly string[]) => {
    const environments = createFakeEnvironments();
    const settings = JSON.stringify({ environment: { setup: ["true"], cache_key_files: patterns } });
    const world = await makeWorld({ ...withSettings(settings), environments });
    await world.work();
    return environments.layers.map((files) => files.map(({ path }) => path));
  };

  expect(await layersWith([])).toEqual([]);
  expect(await layersWith(["calc/*.py"])).toEqual([["calc/core.py"]]);
});

test("the repository's minutes end a run before the operator's", async () => {
  const world = await makeWorld({
    ...withSettings("limits: {minutes: 1}"),
    replies: smallReplies({ generate: [once(rightEdit, { delayMs: 60_000 })] }),
  });

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "run-too-long" });
});

test("clamps name every cap of the operator, those of requests too", async () => {
  const world = await makeWorld(
    withSettings("limits: {runs_per_day: 9, open_prs: 9, tokens_per_day: 9000, concurrent_runs: 9}"),
  );
  const limits = { ...unlimited, repositoryRuns: 2, runsPerDay: 5, openPullRequests: 4, tokensPerDay: 3_000 };

  await executeRun({ ...world.deps, limits }, await world.claim(), controlOf());

  const said = world.said().at(-1) ?? "";
  for (const most of [2, 3000, 4, 5]) {
    expect(said.replaceAll("\\", "")).toContain(`so it is ${most} (COPATCHER`);
  }
});
