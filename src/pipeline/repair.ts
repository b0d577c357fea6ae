import { conclude } from "../domain/conclude.ts";
import type { RepairResult } from "../domain/evidence.ts";
import { rememberReadings } from "../languages/remembered.ts";
import { planTestRuns, runBaseline } from "./baseline.ts";
import { openContest } from "./contest.ts";
import { evidenceOf } from "./evidence-of.ts";
import { giveFeedback } from "./feedback.ts";
import { generate, generationTask } from "./generate.ts";
import { localizeFiles, localizeLines } from "./localize.ts";
import { recordRepair } from "./record-stages.ts";
import { beginChains, isPoc, reproductionOf } from "./reproduce.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import { together } from "./together.ts";

/**
 * The method of Co-PatcheR (arXiv 2505.18955, figure 1) on one issue. Only three things wait for all that came before them:
 * the votes on files, those on lines, and the last one on candidates. PoCs need only the issue text, so they start at once;
 * the baseline needs the files; a candidate is executed as soon as it is written. Throws RepairError when the machinery
 * breaks; finding no patch that can be stood behind is a result, not an error.
 */
export const repair = (outer: StageContext): Promise<RepairResult> =>
  together({ ...outer, language: rememberReadings(outer.language) }, async (context, beside) => {
    const chains = beginChains(context);
    const reproduction = beside(reproductionOf(chains));
    const pocs = chains.map((chain) => beside(chain.then((found) => (isPoc(found) ? found : null))));
    const files = await localizeFiles(context);
    const suspects = files.map((file) => file.path);
    const planned = beside(planTestRuns(context, suspects));
    const tests = beside(planned.then((runs) => runBaseline(context, runs)));
    const localization = await localizeLines(context, files);

    const read = createSourceReader(context.checkout);
    const contest = openContest(context, { pocs, planned, tests }, read);
    const task = await generationTask(context, localization);
    if (task !== null) await contest.run(generate(context, task, read));
    await giveFeedback(context, contest, (await reproduction).pocs, read);

    context.progress({ stage: "rank", text: "ranking and voting" });
    const { baseline } = await tests;
    const found = { localization, contest, baseline, ...(await reproduction) };
    const result = conclude(await evidenceOf(context, found));
    await recordRepair(context, result);
    return result;
  });
