import { z } from "zod";
import { signalsOf, Signals } from "../../domain/calibration/signals.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { refusal } from "../suite/read-json.ts";
import { labelledPool, type Case } from "../suite/case.ts";
import { suiteHash } from "../suite/result-set.ts";
import { subset, type Chance } from "../statistics/chance.ts";
import { arms } from "../selection/arms.ts";
import { conclusionOf, endOf } from "../selection/conclusion.ts";
import type { JudgedPool } from "../selection/judge-pool.ts";

const Leader = z.object({
  signals: Signals,
  /** How the run would have ended: only what it proposes is seen by people, but what it declines tells wrong from right. */
  end: z.enum(["declined", "proposed", "validated"]),
  right: z.boolean(),
  /** How many of the drawn runs had a leader with these very signals. */
  runs: z.number().int().positive(),
});

/** The best candidates of runs that draw some of a case's pool, with what speaks for them and whether they are right. */
export const CaseLeaders = z.object({
  schema: z.literal(1),
  instance: z.string().min(1),
  repository: z.string().min(1),
  /** See suiteHash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, "is no suite hash"),
  /** Runs that were drawn, those without any candidate included. */
  drawn: z.number().int().positive(),
  leaders: z.array(Leader),
});
export type CaseLeaders = z.infer<typeof CaseLeaders>;
export type Leader = CaseLeaders["leaders"][number];

/** Samples of a run; the whole pool is always one more. */
const sizes = [5, 10, 20, 40];

/** Runs of each size. */
const draws = 100;

/** The leaders of runs with some of a pool's labelled patches; runs that come to the same are counted together. */
export function leadersOf(one: Case, pool: JudgedPool, chance: Chance): CaseLeaders {
  const labelled = labelledPool(one).candidates;
  const right = new Map(labelled.map(({ candidate, resolved }) => [candidate, resolved]));
  const ours = arms.find(({ name }) => name === "ours");
  if (ours === undefined || labelled.length === 0) throw refusal(one.instance, ["it has no labelled patch"]);
  const smaller = sizes.filter((size) => size < labelled.length);
  const runs = [
    labelled,
    ...smaller.flatMap((size) =>
      Array.from({ length: draws }, () =>
        subset(labelled.length, size, chance).flatMap((place) => labelled[place] ?? []),
      ),
    ),
  ];
  const counted = new Map<string, Leader>();
  for (const run of runs) {
    const ids = run.map(({ candidate }) => candidate);
    const decision = ours.decide(pool, ids);
    const conclusion = conclusionOf(pool, decision, ids.length);
    const signals = signalsOf(conclusion.evidence);
    if (signals === null) continue;
    const isRight = decision.picked !== null && right.get(decision.picked) === true;
    const leader = { signals, end: endOf(conclusion), right: isRight };
    const key = canonicalJson(leader);
    counted.set(key, { ...leader, runs: (counted.get(key)?.runs ?? 0) + 1 });
  }
  return {
    schema: 1,
    instance: one.instance,
    repository: one.question.repository,
    hash: suiteHash([one]),
    drawn: runs.length,
    leaders: [...counted.values()],
  };
}
