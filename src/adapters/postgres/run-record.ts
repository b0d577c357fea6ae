import { randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import { z } from "zod";
import { errorCatalogue, type ErrorCode } from "../../domain/error-catalogue.ts";
import { RepairError } from "../../domain/errors.ts";
import type { DeclineReason } from "../../domain/evidence.ts";
import {
  runKinds,
  stages,
  type Postponement,
  type RepairRun,
  type RunRequest,
  type RunState,
  type Transition,
} from "../../domain/run.ts";
import type { Tables } from "./tables.ts";

const declineReasons = Object.keys({
  "no-location": true,
  "no-candidate": true,
  stopped: true,
  "all-regress": true,
  "none-passes-poc": true,
  "not-reproduced-and-no-majority": true,
  refused: true,
} satisfies Record<DeclineReason | "refused", true>) as (DeclineReason | "refused")[];

const errorCode = z.enum(Object.keys(errorCatalogue) as ErrorCode[]);

const postponement: z.ZodType<Postponement> = z.object({ until: z.number(), code: errorCode });

const runState: z.ZodType<RunState> = z.discriminatedUnion("at", [
  z.object({ at: z.literal("queued"), postponed: postponement.exactOptional() }),
  z.object({ at: z.literal("running"), stage: z.enum(stages) }),
  z.object({ at: z.literal("proposed"), pullRequest: z.number(), url: z.string() }),
  z.object({ at: z.literal("declined"), reason: z.enum(declineReasons) }),
  z.object({ at: z.literal("checked") }),
  z.object({ at: z.literal("failed"), code: errorCode }),
  z.object({ at: z.literal("cancelled"), by: z.string(), successor: z.string().exactOptional() }),
]);

const runRequest: z.ZodType<RunRequest> = z.object({
  // requests that were stored before there were kinds are repairs
  kind: z.enum(runKinds).default("repair"),
  installation: z.number(),
  issue: z.object({
    ref: z.object({ repo: z.object({ owner: z.string(), name: z.string() }), number: z.number() }),
    title: z.string(),
    body: z.string(),
    author: z.string(),
  }),
  trigger: z.object({
    kind: z.enum(["label", "command", "reconcile"]),
    sender: z.string(),
    app: z.number().exactOptional(),
    delivery: z.string(),
    at: z.string().exactOptional(),
    repeats: z.literal(true).exactOptional(),
    comment: z.number().exactOptional(),
  }),
  hint: z.string().exactOptional(),
  base: z.string().exactOptional(),
  path: z.string().exactOptional(),
  judges: z.string().exactOptional(),
  force: z.boolean().exactOptional(),
  pullRequest: z.number().exactOptional(),
});

export type RunRow = Selectable<Tables["run"]>;

export function runOf(row: RunRow): RepairRun {
  const request = parsed(runRequest, row.request, row.id);
  return { ...request, id: row.id, attempt: row.attempt, state: parsed(runState, row.state, row.id) };
}

/** Null for a run that another version stored, or that is damaged. */
export function readableRun(row: RunRow): RepairRun | null {
  try {
    return runOf(row);
  } catch {
    return null;
  }
}

const places = z.enum([
  "queued",
  "running",
  "proposed",
  "declined",
  "checked",
  "failed",
  "cancelled",
] satisfies RunState["at"][]);

/** Where a run is, whatever else its row holds. */
export const placeOf = ({ at }: Pick<RunRow, "at">): RunState["at"] => places.parse(at);

/** Null for a line that another version wrote. */
export function transitionOf(row: Selectable<Tables["run_transition"]>): Transition | null {
  const state = runState.safeParse(JSON.parse(row.state));
  return state.success ? { time: row.happened_at.getTime(), cause: row.cause, state: state.data } : null;
}

function parsed<T>(schema: z.ZodType<T>, json: string, runId: string): T {
  const result = schema.safeParse(JSON.parse(json));
  if (result.success) return result.data;
  throw new RepairError("store-unavailable", `The stored run ${runId} is not one this version can read.`, {
    cause: result.error,
  });
}

/** The two columns that hold a state; they are only ever written together. */
export const stateColumns = (state: RunState): Pick<RunRow, "at" | "state"> => ({
  at: state.at,
  state: JSON.stringify(state),
});

/** 19 characters: 9 of time (base 36, so ids sort by creation until 5188) and 50 random bits. */
export function newRunId(now: number): string {
  const random = randomBytes(10);
  const letters = Array.from(random, (byte) => (byte % 32).toString(32)).join("");
  return now.toString(36).padStart(9, "0") + letters;
}
