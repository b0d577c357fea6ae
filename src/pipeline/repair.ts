import { conclude } from "../domain/conclude.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import { rank } from "../domain/ranking.ts";
import { findFlags } from "./alarms.ts";
import { measureBaseline } from "./baseline.ts";
import { generate, type Generation } from "./generate.ts";
import { localize, type Localization } from "./localize.ts";
import {
  recordBaseline,
  recordGeneration,
  recordPocs,
  recordSelection,
  recordVerdicts,
} from "./record-stages.ts";
import { reproduce } from "./reproduce.ts";
import { stopReason } from "./sample.ts";
import type { StageContext } from "./stage-context.ts";
import { validate } from "./validate.ts";

/** Null when everything was written before anybody asked to finish. */
const cutShort = (
  { stop }: StageContext,
  localization: Localization,
  { unwritten }: Generation,
): Evidence["stopped"] =>
  stop.aborted && (unwritten > 0 || localization.files.length === 0)
    ? { why: stopReason(stop), unwritten }
    : null;

/**
 * The method of Co-PatcheR (arXiv 2505.18955, figure 1) on one issue. PoCs need only the issue text, so they start at
 * once; the baseline runs beside generation. Throws RepairError when the machinery breaks; finding no patch that can
 * be stood behind is a result, not an error.
 */
export async function repair(outer: StageContext): Promise<RepairResult> {
  const abort = new AbortController();
  const context = { ...outer, signal: AbortSignal.any([outer.signal, abort.signal]) };
  const tasks: Promise<unknown>[] = [];
  const beside = <T>(task: Promise<T>): Promise<T> => {
    tasks.push(task);
    return task;
  };
  try {
    const findCandidates = async () => {
      const localization = await localize(context);
      const suspects = localization.files.map((file) => file.path);
      const [generation, tests] = await Promise.all([
        beside(generate(context, localization)),
        beside(measureBaseline(context, suspects)),
      ]);
      await recordGeneration(context.record, generation);
      await recordBaseline(context.record, tests.baseline);
      return { localization, generation, tests };
    };
    const [reproduction, { localization, generation, tests }] = await Promise.all([
      beside(reproduce(context)),
      beside(findCandidates()),
    ]);
    await recordPocs(context.record, reproduction);
    const judged = await validate(context, generation.candidates, reproduction.pocs, tests);
    await recordVerdicts(context.record, judged);

    context.progress({ stage: "rank", text: "ranking and voting" });
    const ranking = rank(judged, context.rankingMethod);
    const result = conclude({
      baseSha: context.checkout.baseSha,
      files: localization.files,
      locations: localization.locations,
      samples: generation.samples,
      stopped: cutShort(context, localization, generation),
      rejected: generation.rejected,
      candidates: generation.candidates,
      pocs: reproduction.pocs,
      scripts: { fence: context.language.fences[0], repeat: context.language.repeat },
      failedPocs: reproduction.failed,
      baseline: tests.baseline,
      ranking,
      flags: findFlags(context.language, ranking.ordered[0]?.candidate.changes ?? []),
      sandbox: context.isolation,
      models: context.usage.models(),
      usage: context.usage.total(),
    });
    await recordSelection(context.record, context.rankingMethod, result);
    return result;
  } finally {
    abort.abort(new Error("the repair ended"));
    await Promise.allSettled(tasks);
  }
}
