import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Case } from "../suite/case.ts";
import { labelsOf, requireSameLabels } from "../suite/pooled-patch.ts";
import { readJson } from "../suite/read-json.ts";
import { writeWhole } from "./write-whole.ts";

const Labels = z.record(z.string(), z.boolean());

/**
 * Keeps a pool's labels beside its executions. Throws `evaluation-invalid`, naming the patches, when those that were kept
 * before say otherwise: labels that a re-run of the hidden tests changed are no truth.
 */
export async function keepLabels(
  work: string,
  { instance, pool }: Pick<Case, "instance" | "pool">,
): Promise<void> {
  const file = join(work, instance, "labels.json");
  const labels = labelsOf(pool);
  const before = await readFile(file, "utf8").catch(() => null);
  if (before !== null)
    requireSameLabels(instance, new Map(Object.entries(readJson(Labels, before, file))), labels);
  await writeWhole(file, `${JSON.stringify(Object.fromEntries(labels), null, 2)}\n`);
}
