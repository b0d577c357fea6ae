import type { Config } from "../../config.ts";
import type { RepairResult } from "../../domain/evidence.ts";
import { repair } from "../../pipeline/repair.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import { clock } from "../../wire/base.ts";
import { profileOfArm } from "../reproduce/arm-plan.ts";
import type { ArmResult } from "../reproduce/arm-result.ts";
import { localizationHits } from "../reproduce/localization-hits.ts";
import type { StoredOnly } from "../reproduce/stored-models.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import type { Case, Truth } from "../suite/case.ts";
import { suiteHash } from "../suite/result-set.ts";
import { takeTurns } from "../turns/take-turns.ts";
import { solvedAt, type Turns } from "../turns/turns.ts";
import { createFileJournal } from "./file-journal.ts";
import { onCase } from "./on-case.ts";
import type { Store } from "./reproduce-store.ts";

export type CaseBench = {
  readonly config: Config;
  readonly repos: string;
  readonly store: Store;
  readonly answering: StoredOnly;
  readonly signal: AbortSignal;
};

/** What an arm came to on a case, or why the case cannot be worked on here. */
export type CaseOutcome = ArmResult | { readonly why: string };

/** What working on a case gives, whichever way it is worked on. */
type Worked = Pick<ArmResult, "patch" | "end" | "localized" | "turns">;

/** One arm on one case, with models or stored transcripts that answer. */
export async function runCase(
  { config, repos, store, answering, signal }: CaseBench,
  table: Table,
  arm: Arm,
  one: Case,
): Promise<CaseOutcome> {
  const profile = profileOfArm(table, arm);
  const journal = createFileJournal(store.steps(arm, one.instance));
  const method = {
    inference: answering.client,
    // the paper's runs neither review nor give feedback; an answer that one arm calls off may be needed in another
    defaults: { profile, critique: false, feedbackTurns: 0, schedule: { earlyStop: false } },
    journal,
  };
  const started = clock.now();
  const done = await onCase(config, one, repos, method, signal, async (context) => ({
    worked:
      table.turns === null
        ? await wholeMethod(context, one.truth)
        : await inTurns(context, one.truth, { turns: table.turns, sample: arm.sample ?? 0 }),
    usage: context.usage.total(),
    models: context.usage.models(),
  }));
  if ("why" in done) return done;
  const { worked, usage, models } = done.result;
  if ("why" in worked) return worked;
  return {
    schema: 1,
    instance: one.instance,
    hash: suiteHash([one]),
    profile,
    ...worked,
    seconds: Math.round((clock.now() - started) / 1000),
    tokens: usage.prompt + usage.completion,
    spent: journal.spent(),
    missing: answering.missing(),
    models: { ...models },
  };
}

async function wholeMethod(context: StageContext, { fix }: Truth): Promise<Worked> {
  const result = await repair(context);
  return { ...endOf(result), localized: await localizationHits(context, fix, result.evidence), turns: null };
}

const endOf = (result: RepairResult): Pick<Worked, "patch" | "end"> =>
  result.kind === "proposed"
    ? { patch: result.winner.patch, end: result.level }
    : { patch: null, end: result.reason };

async function inTurns(
  context: StageContext,
  truth: Truth,
  plan: Parameters<typeof takeTurns>[2],
): Promise<Worked | { readonly why: string }> {
  const turns = await takeTurns(context, truth, plan);
  return "why" in turns ? turns : { patch: lastPatch(turns), end: endOfTurns(turns), localized: null, turns };
}

const lastPatch = ({ taken }: Turns): string | null =>
  taken.findLast(({ patch }) => patch !== null)?.patch ?? null;

function endOfTurns(turns: Turns): string {
  const turn = solvedAt(turns);
  return turn === null ? "not solved" : `solved at turn ${turn}`;
}
