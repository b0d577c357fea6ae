import { expect, test } from "vitest";
import { makeWorld } from "../fixtures/run-world.ts";
import { once } from "../fixtures/model-answers.ts";
import { smallReplies } from "../fixtures/small-project.ts";

const replies = smallReplies({
  plan: [once("`add` in calc.py subtracts; see @mona and #1.\nIt should add.")],
});

test("a plan names the places and says in the model's words, defused, what would change", async () => {
  const world = await makeWorld({ kind: "plan", replies });

  await world.work();

  expect(await world.state()).toEqual({ at: "checked" });
  const [said] = world.said();
  expect(said).toContain("copatcher:plan:issue=7");
  expect(said).toContain("**Copatcher would look here.** Nothing was changed and nothing was executed.");
  expect(said).toMatch(/^- `[^`]+:\d+-\d+`, \d+ votes?$/m);
  expect(said).toContain("> It should add.");
  expect(said).not.toMatch(/@mona|#1\b/);
  expect(world.forge.proposals).toEqual([]);
});

test("a plan executes nothing of the issue", async () => {
  const world = await makeWorld({ kind: "plan", replies });

  await world.work();

  expect(world.sandbox.jobs.map(({ label }) => label)).not.toContainEqual(
    expect.stringMatching(/^(poc|tests)/),
  );
});
