import type { Config } from "../../config.ts";
import type { RepairResult } from "../../domain/evidence.ts";
import { repair } from "../../pipeline/repair.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import { clock } from "../../wire/base.ts";
import { gradePatch, type Grade } from "../grading/grade.ts";
import { methodOfArm } from "../reproduce/arm-plan.ts";
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
  const method = methodOfArm(table, arm);
  const journal = createFileJournal(store.steps(arm, one.instance));
  const tools = {
    inference: answering.client,
    // an answer that one arm calls off may be needed in another
    defaults: { ...method, schedule: { earlyStop: false } },
    journal,
  };
  const started = clock.now();
  const done = await onCase(config, one, repos, tools, signal, async (context) => {
    const worked =
      table.turns === null
        ? await wholeMethod(context, one.truth)
        : await inTurns(context, one.truth, { turns: table.turns, sample: arm.sample ?? 0 });
    // before what is not the method's own
    const cost = { spent: journal.spent(), seconds: Math.round((clock.now() - started) / 1000) };
    const graded = table.turns === null && !("why" in worked);
    const grade = graded ? await gradeOf(context, one.truth, worked) : null;
    return { worked, cost, grade, usage: context.usage.total(), models: context.usage.models() };
  });
  if ("why" in done) return done;
  const { worked, cost, grade, usage, models } = done.result;
  if ("why" in worked) return worked;
  return {
    schema: 1,
    instance: one.instance,
    hash: suiteHash([one]),
    ...method,
    ...worked,
    ...cost,
    tokens: usage.prompt + usage.completion,
    grade,
    missing: answering.missing(),
    models: { ...models },
  };
}

async function wholeMethod(context: StageContext, truth: Truth): Promise<Worked> {
  const result = await repair(context);
  const ended = endOf(result);
  const localized = await localizationHits(context, truth.fix, result.evidence);
  return { ...ended, localized, turns: null };
}

/** Null where the tests that decide cannot be run here. */
async function gradeOf(context: StageContext, truth: Truth, { patch }: Worked): Promise<Grade | null> {
  const grade = await gradePatch(context, truth, patch);
  return "ungraded" in grade ? null : grade;
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
