import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RepairError } from "../../domain/errors.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { methodOfArm } from "../reproduce/arm-plan.ts";
import { ArmResult } from "../reproduce/arm-result.ts";
import { StoredModels } from "../reproduce/stored-models.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import { readJson, refusal } from "../suite/read-json.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash } from "../suite/result-set.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Where a reproduction keeps its work: results by arm; answers and executions by case, which arms share, since they are known
 * by what was asked of which model. In tables of turns an arm of other models has its own: whether a model thinks does not
 * show in its name.
 */
export type Store = {
  /** Folder of a case's answers and executions. */
  readonly steps: (arm: Arm, instance: string) => string;
  readonly predictions: (arm: Arm) => string;
  /** The arm's result set, for comparisons with others. */
  readonly results: (arm: Arm) => string;
  /** Null where the arm has not finished the case. Throws `evaluation-invalid` when the case or the arm was another one then. */
  readonly result: (arm: Arm, one: Case) => Promise<ArmResult | null>;
  readonly keepResult: (arm: Arm, result: ArmResult) => Promise<void>;
  /** Throws `usage` where none are kept. */
  readonly models: (arm: Arm) => Promise<StoredModels>;
  readonly keepModels: (arm: Arm, models: StoredModels) => Promise<void>;
};

export function reproductionStore(work: string, table: Table): Store {
  const folder = (arm: Arm): string => join(work, table.id, arm.name);
  const resultFile = (arm: Arm, instance: string): string => join(folder(arm), `${instance}.json`);
  const modelsFile = (arm: Arm): string => join(work, table.id, `${arm.name}.models.json`);
  return {
    steps: (arm, instance) =>
      table.turns === null || arm.models === null
        ? join(work, "steps", instance)
        : join(work, table.id, `${arm.name}.steps`, instance),
    results: (arm) => join(work, table.id, `${arm.name}.results.json`),
    predictions: (arm) => join(work, table.id, `${arm.name}.predictions.jsonl`),
    async result(arm, one) {
      const file = resultFile(arm, one.instance);
      const text = await readFile(file, "utf8").catch(() => null);
      if (text === null) return null;
      const result = readJson(ArmResult, text, file);
      if (result.hash !== suiteHash([one]))
        throw refusal(file, ["the case has changed since; remove the file"]);
      const { profile, critique, feedbackTurns } = result;
      if (canonicalJson({ profile, critique, feedbackTurns }) !== canonicalJson(methodOfArm(table, arm)))
        throw refusal(file, ["the arm says something else since; remove the file, or name the arm anew"]);
      return result;
    },
    keepResult: (arm, result) =>
      writeWhole(resultFile(arm, result.instance), `${JSON.stringify(result, null, 2)}\n`),
    async models(arm) {
      const file = modelsFile(arm);
      const text = await readFile(file, "utf8").catch((error: unknown) => {
        throw new RepairError(
          "usage",
          `no transcripts of arm ${arm.name} are stored; run it without --replay`,
          {
            cause: error,
          },
        );
      });
      return readJson(StoredModels, text, file);
    },
    keepModels: (arm, models) => writeWhole(modelsFile(arm), `${JSON.stringify(models, null, 2)}\n`),
  };
}
