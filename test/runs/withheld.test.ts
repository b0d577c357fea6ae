import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { makeWorld } from "../fixtures/run-world.ts";
import { smallProject } from "../fixtures/small-project.ts";

const withSettings = (text: string) => ({ files: { ...smallProject, ".github/copatcher.yml": text } });

test("a dry run shows its patch folded in the comment and writes nothing else", async () => {
  const world = await makeWorld(withSettings("dry_run: true"));

  await world.work();

  expect(await world.state()).toEqual({ at: "declined", reason: "refused" });
  expect(world.forge.proposals).toEqual([]);
  expect(world.forge.checks).toEqual([]);
  expect(world.said().at(-1)).toMatch(
    /`dry_run` is `true`[\s\S]*<summary>The patch<\/summary>[\s\S]*```diff/,
  );
});

test("where a reproduction is required a patch without one is only shown", async () => {
  const world = await makeWorld({
    ...withSettings("validation: {require_repro: true}"),
    // nothing ever fails, so no script reproduces the issue
    answer: (command) => atItsEnd(command, exited(0)),
  });

  await world.work();

  expect(world.forge.proposals).toEqual([]);
  expect(world.said().at(-1)).toContain("`validation.require_repro` in the settings demands one");
});

test("where a reproduction is required a patch that has one is proposed", async () => {
  const world = await makeWorld(withSettings("validation: {require_repro: true}"));

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
});

test("what the forge refuses to put on a pull request does not cost the pull request, and is said", async () => {
  const settings = "pr: {reviewers: [requester, refused-mona, HUBOT], labels: [bug, refused]}";
  const world = await makeWorld(withSettings(settings));

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.forge.pulls.invited).toEqual({ reviewers: ["hubot"], labels: ["bug"] });
  expect(world.said().at(-1)).toContain(
    "GitHub refused what the settings ask for: a review by `refused-mona`, the label `refused`.",
  );
});

test("a patch that should be a draft where the forge has none is proposed, and said to be one", async () => {
  const world = await makeWorld(withSettings("pr: {mode: draft}"));
  world.forge.refuseDrafts();

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.said().at(-1)).toContain(
    "**It should be a draft, but is shown as ready for review:** GitHub has none here, or somebody made it ready.",
  );
});

test("a patch whose pull request is refused is shown with the refusal's words", async () => {
  const world = await makeWorld();
  const words = "The branch bot/`7` exists and its last commit is not the bot's. @mona <b>";
  world.forge.breakDown("propose", new RepairError("forge-rejected", words));

  await world.work();

  expect(await world.state()).toEqual({ at: "failed", code: "forge-rejected" });
  expect(world.said().at(-1)).toMatch(
    /refused: ``The branch bot\/`7` exists[^\n]*<b>``\.[\s\S]*<summary>The patch<\/summary>[\s\S]*```diff/,
  );
});

test("a patch that a forge takes no more for now waits with its run", async () => {
  const world = await makeWorld();
  world.forge.breakDown("propose", new RepairError("forge-unavailable", "GitHub answered 503"));

  await world.work();

  expect(await world.state()).toMatchObject({ at: "queued" });
});
