import { canonicalJson } from "../../domain/canonical-json.ts";
import type { Journal } from "../../ports/journal.ts";

/** A journal for runs that are not resumed (the command line): equal steps run once, and nothing outlives the process. */
export function createMemoryJournal(): Journal {
  const steps = new Map<string, Promise<string>>();
  return {
    async step(name, inputs, schema, work) {
      const key = canonicalJson([name, inputs]);
      const known = steps.get(key);
      if (known !== undefined) return schema.parse(JSON.parse(await known));
      const value = work().then((result) => JSON.stringify(result) ?? "null");
      steps.set(key, value);
      value.catch(() => steps.delete(key));
      return schema.parse(JSON.parse(await value));
    },
    settled: () => Promise.resolve(),
  };
}
