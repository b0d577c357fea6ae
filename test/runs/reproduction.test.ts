import { expect, test } from "vitest";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { makeWorld, solvedByRightEdit } from "../fixtures/run-world.ts";

test("scripts that fail on the base are shown with their output and how to repeat them", async () => {
  const world = await makeWorld({ kind: "reproduction", answer: solvedByRightEdit });

  await world.work();

  expect(await world.state()).toEqual({ at: "checked" });
  const [said] = world.said();
  expect(said).toContain("copatcher:reproduction:issue=7");
  expect(said).toMatch(/\*\*Reproduced: \d+ of \d+ scripts? shows? the issue\.\*\*/);
  expect(said).toContain("<summary>Script asserting-1 (asserting)</summary>");
  expect(said).toContain("To repeat it, ");
  expect(world.forge.proposals).toEqual([]);
});

test("scripts that all pass on the base reproduce nothing, and the answer says what would help", async () => {
  const passing: Answer = (command) => atItsEnd(command, exited(0));
  const world = await makeWorld({ kind: "reproduction", answer: passing });

  await world.work();

  expect(world.said()[0]).toMatch(/\*\*Not reproduced: none of \d+ scripts? shows the issue\.\*\*/);
  expect(world.said()[0]).toContain("add the exact input, the version and the whole error message");
});
