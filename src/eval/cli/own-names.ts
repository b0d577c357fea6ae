import { canonicalJson } from "../../domain/canonical-json.ts";
import type { StoredModels } from "../reproduce/stored-models.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import { refusal } from "../suite/read-json.ts";
import type { Store } from "./reproduce-store.ts";

/**
 * Arms that share answers know models by their names only. Throws `evaluation-invalid` where the models of one would pass for
 * those of another that wants other ones.
 */
export async function requireOwnNames(
  store: Pick<Store, "models">,
  table: Table,
  arm: Arm,
  models: StoredModels,
): Promise<void> {
  if (table.turns !== null) return;
  for (const other of table.arms.filter((one) => one.models !== arm.models)) {
    const theirs = await store.models(other).catch(() => null);
    if (theirs !== null && canonicalJson(theirs) === canonicalJson(models))
      throw refusal(`arm ${arm.name}`, [
        `the models that answer have the same names as those of arm ${other.name}; serve each checkpoint under a name of its own`,
      ]);
  }
}
