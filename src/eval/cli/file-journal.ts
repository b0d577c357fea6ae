import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import { ExecutionOutcome } from "../../domain/execution.ts";
import type { Journal } from "../../ports/journal.ts";
import { costOf, type Spent } from "../metrics/cost.ts";
import { readJson } from "../suite/read-json.ts";
import { costOfStep } from "./step-cost.ts";
import { writeWhole } from "./write-whole.ts";

const Step = z.object({ name: z.string(), value: z.unknown() });
const Execution = z.object({ value: z.array(ExecutionOutcome) });

export type FileJournal = Journal & {
  /** Steps of this process: read from files, and worked out anew. */
  counts(): { readonly replayed: number; readonly executed: number };
  /** What they took when they were worked out, now or before. */
  spent(): Spent;
};

/**
 * Steps as JSON files of one folder, named by what they were worked out from, so that whoever asks the same again, in this
 * process or a later one, is answered from the file. Throws `evaluation-invalid` for a file that is none of its own.
 */
export function createFileJournal(folder: string): FileJournal {
  const steps = new Map<string, Promise<unknown>>();
  const costs: Spent[] = [];
  let [replayed, executed] = [0, 0];

  const settle = async (file: string, name: string, work: () => Promise<unknown>): Promise<unknown> => {
    const stored = await readFile(file, "utf8").catch(() => null);
    if (stored !== null) {
      replayed += 1;
      return readJson(Step, stored, file).value;
    }
    const value = await work();
    executed += 1;
    await writeWhole(file, JSON.stringify({ name, value }));
    return value;
  };

  const counted = async (name: string, settling: Promise<unknown>): Promise<unknown> => {
    const value = await settling;
    costs.push(costOfStep(name, value));
    return value;
  };

  return {
    async step(name, inputs, schema, work) {
      const file = join(folder, `${sha256(canonicalJson([name, inputs]))}.json`);
      const known = steps.get(file);
      const value = known ?? counted(name, settle(file, name, work));
      steps.set(file, value);
      value.catch(() => steps.delete(file));
      return schema.parse(await value);
    },
    settled: async () => {
      await Promise.allSettled(steps.values());
    },
    counts: () => ({ replayed, executed }),
    spent: () => costOf(costs, 0).total,
  };
}

/** The executions of such a folder, and what their commands took on average; null when there is none. */
export async function executionsIn(
  folder: string,
): Promise<{ readonly count: number; readonly meanSeconds: number } | null> {
  const names = await readdir(folder).catch(() => []);
  let [count, milliseconds] = [0, 0];
  for (const name of names.filter((one) => /^[0-9a-f]{64}\.json$/.test(one))) {
    const file = join(folder, name);
    const text = await readFile(file, "utf8");
    if (!readJson(Step, text, file).name.startsWith("execute/")) continue;
    count += 1;
    for (const outcome of readJson(Execution, text, file).value)
      milliseconds += outcome.kind === "not-started" ? 0 : outcome.durationMs;
  }
  return count === 0 ? null : { count, meanSeconds: milliseconds / 1000 / count };
}
