import type { Config } from "../../config.ts";
import { repair } from "../../pipeline/repair.ts";
import type { InferenceClient } from "../../ports/inference-client.ts";
import { clock } from "../../wire.ts";
import { profileOfArm } from "../reproduce/arm-plan.ts";
import type { ArmResult } from "../reproduce/arm-result.ts";
import { modelsOf, storedOnly, type StoredOnly } from "../reproduce/stored-models.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import type { Case } from "../suite/case.ts";
import { suiteHash } from "../suite/result-set.ts";
import { createFileJournal } from "./file-journal.ts";
import { onCase } from "./on-case.ts";
import type { Store } from "./reproduce-store.ts";

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
 * The whole method on each case as the arm says. What was finished before is not run again, except from transcripts, where
 * the same answers are judged by the pipeline as it is now.
 */
export async function runArm(bench: Bench, table: Table, arm: Arm, cases: readonly Case[]): Promise<ArmRun> {
  const { store, tell } = bench;
  const results: ArmResult[] = [];
  const leftOut: { instance: string; why: string }[] = [];
  for (const one of cases) {
    const { instance } = one;
    const known = bench.modelsFor === null ? null : await store.result(arm, one);
    const came = known ?? (await runCase(bench, table, arm, one));
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

/** Whoever answers, and what of them a later replay needs to know is kept. */
async function answering(
  { store, modelsFor, signal }: Bench,
  arm: Arm,
  instance: string,
): Promise<StoredOnly> {
  if (modelsFor === null) return storedOnly(await store.models(arm));
  const client = await modelsFor(instance);
  await store.keepModels(arm, await modelsOf(client, signal));
  return { client, missing: () => 0 };
}

async function runCase(
  bench: Bench,
  table: Table,
  arm: Arm,
  one: Case,
): Promise<ArmResult | { readonly why: string }> {
  const { config, repos, store, signal } = bench;
  const { client: inference, missing } = await answering(bench, arm, one.instance);
  const profile = profileOfArm(table, arm);
  const method = {
    inference,
    // the paper's runs neither review nor give feedback; an answer that one arm calls off may be needed in another
    defaults: { profile, critique: false, feedbackTurns: 0, schedule: { earlyStop: false } },
    journal: createFileJournal(store.steps(one.instance)),
  };
  const started = clock.now();
  const done = await onCase(config, one, repos, method, signal, repair);
  if ("why" in done) return done;
  const { result } = done;
  const { usage, models } = result.evidence;
  return {
    schema: 1,
    instance: one.instance,
    hash: suiteHash([one]),
    profile,
    patch: result.kind === "proposed" ? result.winner.patch : null,
    end: result.kind === "proposed" ? result.level : result.reason,
    seconds: Math.round((clock.now() - started) / 1000),
    tokens: usage.prompt + usage.completion,
    missing: missing(),
    models: { ...models },
  };
}
