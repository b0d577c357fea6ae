import type { Config } from "../../config.ts";
import type { InferenceClient } from "../../ports/inference-client.ts";
import type { ArmResult } from "../reproduce/arm-result.ts";
import { modelsOf, storedOnly, type StoredOnly } from "../reproduce/stored-models.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import type { Case } from "../suite/case.ts";
import { requireOwnNames } from "./own-names.ts";
import type { Store } from "./reproduce-store.ts";
import { runCase, type CaseOutcome } from "./run-case.ts";

/** What the arms are run on; no models: the stored transcripts answer. */
export type Bench = {
  readonly config: Config;
  readonly repos: string;
  readonly store: Store;
  readonly modelsFor: ((instance: string) => Promise<InferenceClient>) | null;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
};

export type ArmRun = {
  readonly results: readonly ArmResult[];
  readonly leftOut: readonly { readonly instance: string; readonly why: string }[];
};

/**
 * An arm on each case. What was finished before is not run again, except from transcripts, where the same answers are judged by
 * the pipeline as it is now.
 */
export async function runArm(bench: Bench, table: Table, arm: Arm, cases: readonly Case[]): Promise<ArmRun> {
  const { store, tell } = bench;
  const results: ArmResult[] = [];
  const leftOut: { instance: string; why: string }[] = [];
  for (const one of cases) {
    const { instance } = one;
    const known = bench.modelsFor === null ? null : await store.result(arm, one);
    const came: CaseOutcome = known ?? (await runWith(bench, table, arm, one));
    if ("why" in came) {
      leftOut.push({ instance, why: came.why });
      tell(`${arm.name}, ${instance}: left out, ${came.why}`);
      continue;
    }
    await store.keepResult(arm, came);
    results.push(came);
    tell(`${arm.name}, ${instance}: ${came.end}${known === null ? `, ${came.seconds} s` : ", kept"}`);
  }
  return { results, leftOut };
}

const runWith = async (bench: Bench, table: Table, arm: Arm, one: Case): Promise<CaseOutcome> =>
  runCase({ ...bench, answering: await answering(bench, table, arm, one.instance) }, table, arm, one);

/** Whoever answers, and what of them a later replay needs to know is kept. */
async function answering(
  { store, modelsFor, signal }: Bench,
  table: Table,
  arm: Arm,
  instance: string,
): Promise<StoredOnly> {
  if (modelsFor === null) return storedOnly(await store.models(arm));
  const client = await modelsFor(instance);
  const models = await modelsOf(client, signal);
  await requireOwnNames(store, table, arm, models);
  await store.keepModels(arm, models);
  return { client, missing: () => 0 };
}
