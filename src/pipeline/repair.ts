import { conclude } from "../domain/conclude.ts";
import type { RepairResult } from "../domain/evidence.ts";
import { rank } from "../domain/ranking.ts";
import { findFlags } from "./alarms.ts";
import { measureBaseline } from "./baseline.ts";
import { generate } from "./generate.ts";
import { localize } from "./localize.ts";
import { reproduce } from "./reproduce.ts";
import type { StageContext } from "./stage-context.ts";
import { validate } from "./validate.ts";

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
      return { localization, generation, tests };
    };
    const [reproduction, { localization, generation, tests }] = await Promise.all([
      beside(reproduce(context)),
      beside(findCandidates()),
    ]);
    const judged = await validate(context, generation.candidates, reproduction.pocs, tests);

    context.progress({ stage: "rank", text: "ranking and voting" });
    const ranking = rank(judged, context.rankingMethod);
    return conclude({
      baseSha: context.checkout.baseSha,
      files: localization.files,
      locations: localization.locations,
      samples: generation.samples,
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
  } finally {
    abort.abort(new Error("the repair ended"));
    await Promise.allSettled(tasks);
  }
}
