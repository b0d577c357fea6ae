import { join } from "node:path";
import { Command } from "commander";
import { processConfig } from "../../config.ts";
import { RepairError } from "../../domain/errors.ts";
import { seedOf } from "./read-number.ts";
import { tellReport, withReport, type ReportOptions } from "./report-options.ts";
import { reportJson, type Report } from "../report/report.ts";
import { selectionReport } from "../report/selection-report.ts";
import { scriptReport } from "../selection/script-report.ts";
import { selectionArms } from "../selection/selection-arms.ts";
import type { Offered } from "../metrics/selection.ts";
import { leadersOf } from "../calibration/case-leaders.ts";
import { seededChance } from "../statistics/chance.ts";
import { labelledPool, type Case } from "../suite/case.ts";
import { requireClones, withClones, type CloneOptions } from "./clones.ts";
import { estimateOf, estimateText } from "./estimate.ts";
import { evaluationConfig } from "./evaluation-config.ts";
import { judgeCases, type Places } from "./judge-cases.ts";
import { keepPicks } from "./picks.ts";
import { keepLeaders } from "./leaders-file.ts";
import { readPocReplies } from "./poc-replies.ts";
import { readCases } from "./read-cases.ts";
import { writeWhole } from "./write-whole.ts";
import { tell } from "./tell.ts";

type Options = ReportOptions &
  CloneOptions & {
    readonly replies?: string;
    readonly seed: number;
    readonly resume: string;
  };

const steps = [1, 2, 5, 10, 20, 40];

/** So many subsets for each k and case leave a standard error of at most 2.5 points on one case. */
const draws = 400;

/** `eval selection`: the pipeline's judgement on pools of patches whose labels are known, beside other ways to choose. */
export const selectionCommand = (): Command =>
  withReport(
    withClones(new Command("selection"))
      .description("compare ways to choose among patches that real models wrote, executed once and replayed")
      .argument("<cases>", "folder of cases")
      .option("--replies <dir>", "folder of recorded PoC answers (default: replies beside the cases)")
      .option("--seed <n>", "of all that is drawn", seedOf, 1)
      .option(
        "--resume <dir>",
        "folder that keeps executions; a later run goes on from it",
        ".copatcher/eval/selection",
      ),
  ).action(run);

async function run(folder: string, options: Options): Promise<void> {
  const { seed, resume: work } = options;
  const repos = requireClones(options);
  const cases = await readCases(folder, options.cases ?? null);
  const pooled = cases.filter(({ pool }) => pool.length > 0);
  const places = { repos, replies: options.replies ?? join(folder, "replies"), work };
  await tellEstimates(pooled, places);
  const { pools, leftOut } = await judgeCases(evaluationConfig(processConfig("cli")), pooled, places, tell);

  const judged = pooled.filter(({ instance }) => pools.has(instance));
  if (judged.length === 0)
    throw new RepairError("evaluation-invalid", `no case of ${folder} could be judged; see above`);
  const arms = selectionArms(pools);
  const measured = selectionReport(judged, { arms, ks: ksOf(judged), seed, draws, compared: "ours" });
  const empty = cases.filter(({ pool }) => pool.length === 0);
  const report: Report = {
    ...measured,
    arms: [...measured.arms, ...scriptReport(judged, pools, seed)],
    leftOut: [
      ...empty.map(({ instance }) => ({ instance, why: "its pool is empty" })),
      ...leftOut,
      ...measured.leftOut,
    ],
  };
  await keepPicks(work, judged, arms);
  for (const one of judged) {
    const pool = pools.get(one.instance);
    if (pool !== undefined && labelledPool(one).candidates.length > 0)
      await keepLeaders(work, leadersOf(one, pool, seededChance(seed)));
  }
  await writeWhole(join(work, "report.json"), reportJson(report));
  await tellReport(report, options);
}

async function tellEstimates(cases: readonly Case[], { replies, work }: Places): Promise<void> {
  for (const one of cases) {
    const recorded = await readPocReplies(replies, one.instance);
    tell(estimateText(await estimateOf(one, recorded.replies, work)));
  }
  tell(`executions are kept in ${work}; stop with Ctrl-C, start again to go on`);
}

function ksOf(cases: readonly Case[]): readonly Offered[] {
  const largest = Math.max(...cases.map(({ pool }) => pool.length));
  return [...steps.filter((k) => k <= largest), "all"];
}
