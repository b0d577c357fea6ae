import type { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Claim } from "../../ports/run-store.ts";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import { heldRow, leaseLost } from "./run-store.ts";
import type { Database, Transact } from "./tables.ts";

/** Longer values (characters of JSON) are stored once by hash. */
const inlineLimit = 64 * 1024;

type JournalParts = { readonly db: Database; readonly transact: Transact; readonly clock: Clock };
type Key = { readonly run_id: string; readonly name: string; readonly inputs: string };

/** The steps of the claim's run; a value is stored only while the claim is the run's latest. */
export function createJournal(parts: JournalParts, claim: Claim): Journal {
  const { db, transact, clock } = parts;
  const inFlight = new Map<string, Promise<string>>();

  async function stored(key: Key): Promise<string | null> {
    const row = await db
      .selectFrom("step")
      .leftJoin("blob", "blob.hash", "step.blob")
      .select(["step.value", "blob.content"])
      .where("run_id", "=", key.run_id)
      .where("name", "=", key.name)
      .where("inputs", "=", key.inputs)
      .executeTakeFirst();
    return row?.value ?? row?.content ?? null;
  }

  const store = (key: Key, json: string): Promise<void> =>
    transact(async (transaction) => {
      if ((await heldRow(transaction, claim)) === null) throw leaseLost(claim);
      const large = json.length > inlineLimit;
      const content = large ? { value: null, blob: sha256(json) } : { value: json, blob: null };
      if (content.blob !== null) {
        await transaction
          .insertInto("blob")
          .values({ hash: content.blob, content: json })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      const step = { ...content, finished_at: new Date(clock.now()) };
      await transaction
        .insertInto("step")
        .values({ ...key, ...step })
        .onConflict((conflict) => conflict.columns(["run_id", "name", "inputs"]).doUpdateSet(step))
        .execute();
    });

  /** JSON of the step's value; a stored one that `schema` refuses is from another version and is worked out anew. */
  async function valueOf<T>(key: Key, schema: z.ZodType<T>, work: () => Promise<T>): Promise<string> {
    const known = await stored(key);
    if (known !== null && schema.safeParse(JSON.parse(known)).success) return known;
    const json = jsonOf(key.name, schema, await work());
    await store(key, json);
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
