import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { testPath } from "../fixtures/tested-project.ts";
import { reviewWorld } from "./review-world.ts";

/** A pull request to which an earlier run added a test; `keeps` whether its record could be written. */
async function withAddedTest({ keeps = true } = {}) {
  const scene = await reviewWorld({ kind: "test-addition" });
  const { records } = scene.world.deps;
  const broken = {
    ...records,
    append: () => Promise.reject(new RepairError("store-unavailable", "it is full")),
  };
  await scene.work(undefined, undefined, keeps ? {} : { records: broken });
  const text = scene.world.forge.pulls.commits[0]?.changes[0]?.after ?? "";
  expect(text).toContain("def test_two_and_two");
  const again = async (kind: "revision" | "validation", files: Readonly<Record<string, string>>) => {
    scene.moveHead(files);
    await scene.ask(kind, `delivery-${kind}`);
    await scene.work();
  };
  return { ...scene, text, again };
}

const held = "The one selected test that passed before still passes.";
const edited = "The tests were not run with the patch: the patch edits the files of all tests that were run";

test.each(["revision", "validation"] as const)(
  "a %s knows the test that an earlier run added",
  async (kind) => {
    const { text, again, said } = await withAddedTest();

    await again(kind, { [testPath]: text });

    expect(said()).toContain(held);
    expect(said()).toContain("The test that Copatcher added passes, too.");
    expect(said()).toContain("**Validated.**");
  },
);

test("a revision leaves the added test where it is", async () => {
  const { world, text, again } = await withAddedTest();

  await again("revision", { [testPath]: text });

  expect(world.forge.pulls.commits.at(-1)?.changes.map(({ path }) => path)).toEqual(["calc/core.py"]);
});

test("an edit of the same file by a person makes its tests worthless as evidence", async () => {
  const { text, again, said } = await withAddedTest();

  await again("validation", { [testPath]: text.replace("add(0, 0), 0", "add(0, 0), add(0, 0)") });

  expect(said()).toContain(edited);
});

test("a test that nobody kept a record of is an edit, whatever its commit says", async () => {
  const { world, text, again, said } = await withAddedTest({ keeps: false });
  expect(said()).toContain("**Copatcher added a test in commit");
  expect(world.logger.lines.map((line) => line.text)).toContain("the added tests are not kept");

  await again("validation", { [testPath]: text });

  expect(said()).toContain(edited);
});
