import { RepairError } from "../../src/domain/errors.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Claim } from "../../src/ports/run-store.ts";
import type { MemoryRunStore } from "./memory-run-store.ts";

/** The journal of a claim on a memory run store; steps stay there for the run's next claim. */
export function createMemoryJournal(runs: MemoryRunStore, claim: Claim): Journal {
  const inFlight = new Map<string, Promise<string>>();

  /** What the models wrote for the run whose samples this one judges anew. */
  function writtenBefore(name: string, inputs: unknown): string | undefined {
    const { judges } = claim.run;
    const known = judges !== undefined && name.startsWith("sample/");
    return known ? runs.steps.get(canonicalJson([judges, name, inputs])) : undefined;
  }

  async function finish(
    key: string,
    earlier: string | undefined,
    work: () => Promise<unknown>,
  ): Promise<string> {
    const stored = runs.steps.get(key) ?? earlier;
    if (stored !== undefined) return stored;
    const json = JSON.stringify(await work());
    if (!runs.holds(claim)) throw new RepairError("lease-lost", `${claim.owner} lost ${claim.run.id}.`);
    runs.steps.set(key, json);
    return json;
  }

  return {
    async step(name, inputs, schema, work) {
      const key = canonicalJson([claim.run.id, name, inputs]);
      const value =
        inFlight.get(key) ??
        finish(key, writtenBefore(name, inputs), work).finally(() => inFlight.delete(key));
      inFlight.set(key, value);
      return schema.parse(JSON.parse(await value));
    },
    // what is worked out is stored in the same moment; only its promise may have to come round
    settled: () => new Promise(setImmediate),
  };
}
