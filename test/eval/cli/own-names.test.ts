import { expect, test } from "vitest";
import { RepairError } from "../../../src/domain/errors.ts";
import { requireOwnNames } from "../../../src/eval/cli/own-names.ts";
import { findTable } from "../../../src/eval/cli/read-tables.ts";
import type { StoredModels } from "../../../src/eval/reproduce/stored-models.ts";

const named = (generation: string): StoredModels => ({
  "loc-gen": { model: generation, window: 32_768 },
  "val-assert": { model: "a", window: null },
  "val-no-assert": { model: "b", window: null },
});

/** Whether the second arm of a table may run while the first one was answered by these models. */
async function secondArm(id: string, first: StoredModels, second: StoredModels): Promise<void> {
  const table = await findTable(id);
  const [one, other] = table.arms;
  if (one === undefined || other === undefined) throw new Error(`${id} has two arms`);
  const models = (arm: { readonly name: string }) =>
    arm.name === one.name ? Promise.resolve(first) : Promise.reject(new RepairError("usage", "none"));
  return requireOwnNames({ models }, table, other, second);
}

test("two checkpoints of one name are refused, since their answers would pass for each other's", async () => {
  await expect(secondArm("C-T3", named("gen"), named("gen"))).rejects.toThrow(
    /arm budget-2K: .* same names as those of arm budget-0/,
  );
  await expect(secondArm("C-T3", named("gen-0"), named("gen-2K"))).resolves.toBeUndefined();
});

test("arms that want the same models may have them, and so may arms that share no answers", async () => {
  await expect(secondArm("C-F5b", named("gen"), named("gen"))).resolves.toBeUndefined();
  await expect(secondArm("F-T5.1", named("gen"), named("gen"))).resolves.toBeUndefined();
});
