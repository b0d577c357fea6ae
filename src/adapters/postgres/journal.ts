import { setImmediate as nextTurn } from "node:timers/promises";
import type { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Claim } from "../../ports/run-store.ts";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createPatience } from "./patience.ts";
import { heldRow, leaseLost } from "./run-rows.ts";
import type { Database, Transact } from "./tables.ts";

/** Longer values (characters of JSON) are stored once by hash. */
const inlineLimit = 64 * 1024;

type JournalParts = {
  readonly db: Database;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a claim lasts without a heartbeat, in milliseconds: a finished step is kept for so long. */
  readonly leaseMs: number;
};
type Key = { readonly run_id: string; readonly name: string; readonly inputs: string };
type Step = { readonly key: Key; readonly json: string };

/**
 * The steps of the claim's run; a value is stored only while the claim is the run's latest. An answer is paid for, so a
 * database that is away does not cost it, until the lease is over or `signal` says that the run is broken off.
 */
export function createJournal(parts: JournalParts, claim: Claim, signal: AbortSignal): Journal {
  const { db, transact, clock, logger, leaseMs } = parts;
  const limits = { longestMs: leaseMs, signal };
  const [readPatiently, writePatiently] = [createPatience(limits), createPatience(limits)];
  const inFlight = new Map<string, Promise<string>>();
  const writing = new Set<Promise<unknown>>();

  async function stored(key: Key): Promise<string | null> {
    const find = db
      .selectFrom("step")
      .leftJoin("blob", "blob.hash", "step.blob")
      .select(["step.value", "blob.content"])
      .where("run_id", "=", key.run_id)
      .where("name", "=", key.name)
      .where("inputs", "=", key.inputs);
    const row = await readPatiently(() => find.executeTakeFirst());
    return row?.value ?? row?.content ?? null;
  }

  /** What the models wrote for the run whose samples this one judges anew. */
  async function writtenBefore(key: Key): Promise<string | null> {
    const { judges } = claim.run;
    return judges === undefined || !key.name.startsWith("sample/")
      ? null
      : stored({ ...key, run_id: judges });
  }

  /** Together, since the steps of a run wait for the same row: one by one they would also keep its heartbeat waiting. */
  const store = createGroupCommit((steps: readonly Step[]) => writePatiently(() => write(steps)));

  const write = (steps: readonly Step[]): Promise<readonly Step[]> =>
    transact(async (transaction) => {
      const run = await heldRow(transaction, claim);
      if (run === null) throw leaseLost(claim);
      if (run.crashes > 0 || run.postponements > 0) {
        // it gets on: its process did not end because of it, and the outage that it waited for is over
        const afresh = { crashes: 0, postponements: 0 };
        await transaction.updateTable("run").set(afresh).where("id", "=", run.id).execute();
      }
      const finished_at = new Date(clock.now());
      const rows = steps.map(({ key, json }) => {
        const large = json.length > inlineLimit;
        return { ...key, value: large ? null : json, blob: large ? sha256(json) : null, finished_at };
      });
      const blobs = new Map(
        rows.flatMap(({ blob }, place) => (blob === null ? [] : [[blob, steps[place]?.json ?? ""] as const])),
      );
      if (blobs.size > 0) {
        await transaction
          .insertInto("blob")
          .values([...blobs].map(([hash, content]) => ({ hash, content })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      await transaction
        .insertInto("step")
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(["run_id", "name", "inputs"]).doUpdateSet((eb) => ({
            value: eb.ref("excluded.value"),
            blob: eb.ref("excluded.blob"),
            finished_at: eb.ref("excluded.finished_at"),
          })),
        )
        .execute();
      return steps;
    });

  /** JSON of the step's value; a stored one that `schema` refuses is from another version and is worked out anew. */
  async function valueOf<T>(key: Key, schema: z.ZodType<T>, work: () => Promise<T>): Promise<string> {
    const known = (await stored(key)) ?? (await writtenBefore(key));
    if (known !== null && schema.safeParse(JSON.parse(known)).success) return known;
    const json = jsonOf(key.name, schema, await work());
    const storing = store({ key, json });
    writing.add(storing);
    try {
      await storing;
    } finally {
      writing.delete(storing);
    }
    logger.debug({ runId: key.run_id, fence: claim.fence, step: key.name }, "step stored");
    return json;
  }

  return {
    async step(name, inputs, schema, work) {
      const key = { run_id: claim.run.id, name, inputs: sha256(canonicalJson(inputs)) };
      const id = `${key.inputs} ${name}`;
      const value = inFlight.get(id) ?? valueOf(key, schema, work).finally(() => inFlight.delete(id));
      inFlight.set(id, value);
      // Parsed also when just worked out: the first reader sees the same value as every later one.
      return schema.parse(JSON.parse(await value));
    },
    async settled() {
      // what has just been worked out gets as far as its writing
      await nextTurn();
      while (writing.size > 0) await Promise.allSettled(writing);
    },
  };
}

/** Checked before it is stored, so that the next start does not find what this one could not have read. */
function jsonOf<T>(name: string, schema: z.ZodType<T>, value: T): string {
  const json = JSON.stringify(value) as string | undefined;
  const result = json === undefined ? null : schema.safeParse(JSON.parse(json));
  if (json !== undefined && result?.success === true) return json;
  throw new RepairError("internal", `The value of step ${name} does not survive JSON.`, {
    cause: result?.error,
  });
}
