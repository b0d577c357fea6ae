import type { StageContext } from "../../pipeline/stage-context.ts";
import type { Case } from "../suite/case.ts";
import { labelsOf, type Labels } from "../suite/pooled-patch.ts";
import { gradePatch } from "./grade.ts";

export type Relabelled = {
  readonly labels: Labels;
  /** What the tests say of the accepted fix. */
  readonly fixResolves: boolean;
  /** Patches whose run broke, with why; they have no label. */
  readonly broke: readonly string[];
};

/** What the deciding tests say today of the accepted fix and of every pooled patch that has a label, or why they cannot be run. */
export async function relabel(
  context: StageContext,
  { pool, truth }: Pick<Case, "pool" | "truth">,
  onGraded: (done: number, total: number) => void,
): Promise<Relabelled | { readonly why: string }> {
  const fix = await gradePatch(context, truth, truth.fix);
  if ("ungraded" in fix) return { why: fix.ungraded };
  const known = labelsOf(pool);
  const labelled = pool.filter(({ id }) => known.has(id));
  let done = 0;
  const graded = await Promise.all(
    labelled.map(async ({ id, patch }) => {
      const grade = await gradePatch(context, truth, patch);
      onGraded((done += 1), labelled.length);
      return { id, grade };
    }),
  );
  const labels = new Map<string, boolean>();
  const broke: string[] = fix.broke ? [`the accepted fix: ${fix.why}`] : [];
  for (const { id, grade } of graded) {
    if ("ungraded" in grade) broke.push(`${id}: ${grade.ungraded}`);
    else if (grade.broke) broke.push(`${id}: ${grade.why}`);
    else labels.set(id, grade.resolved);
  }
  return { labels, fixResolves: fix.resolved, broke };
}
