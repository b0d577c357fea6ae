import { join } from "node:path";
import { interruption } from "../../cli/interruption.ts";
import { openReplies } from "../../cli/replies.ts";
import { readOption } from "../../cli/read-option.ts";
import { processConfig, type Config } from "../../config.ts";
import { RepairError } from "../../domain/errors.ts";
import { wireLogger } from "../../wire/base.ts";
import { wireInference } from "../../wire/inference.ts";
import { loadCodeGrammars } from "../code-bleu/code-grammars.ts";
import { armsToRun } from "../reproduce/arm-plan.ts";
import { decidedBy, type MeasuredArm } from "../reproduce/decided.ts";
import { planLines } from "../reproduce/plan-text.ts";
import { reproduceReport } from "../reproduce/reproduce-report.ts";
import type { Arm, Table } from "../reproduce/table.ts";
import type { Grammars } from "../reproduce/turn-likeness.ts";
import type { Case } from "../suite/case.ts";
import { readHarnessReport } from "../suite/harness-report.ts";
import { predictionLines } from "../suite/predictions.ts";
import type { ArmOptions } from "./arm-options.ts";
import { requireClones } from "./clones.ts";
import { evaluationConfig } from "./evaluation-config.ts";
import { readCases } from "./read-cases.ts";
import { tellReport } from "./report-options.ts";
import { reproductionStore, type Store } from "./reproduce-store.ts";
import { runArm, type ArmRun, type Bench } from "./run-arm.ts";
import { writeWhole } from "./write-whole.ts";
import { tell } from "./tell.ts";

/** Runs a table's arms on the cases of a folder, and tells what they came to. */
export async function runTable(table: Table, folder: string, options: ArmOptions): Promise<void> {
  const arms = armsToRun(table, options.arm ?? null);
  if (arms === null || arms.length === 0)
    throw new RepairError(
      "usage",
      `name some of its arms with --arm: ${table.arms.map(({ name }) => name).join(", ")}`,
    );
  const cases = await readCases(folder, options.cases ?? null);
  for (const line of planLines(table, arms, cases.length)) tell(line);
  if (options.plan) return;

  const measured = await measure(table, arms, cases, options);
  const leftOut = measured.flatMap(({ arm, leftOut: some }) =>
    some.map(({ instance, why }) => ({ instance, why: `${arm.name}: ${why}` })),
  );
  const grammars: Grammars = table.turns === null ? new Map() : await loadCodeGrammars();
  const { seed } = options;
  await tellReport(reproduceReport({ table, cases, arms: measured, leftOut, grammars, seed }), options);
}

type Measured = MeasuredArm & Pick<ArmRun, "leftOut">;

async function measure(
  table: Table,
  arms: readonly Arm[],
  cases: readonly Case[],
  options: ArmOptions,
): Promise<readonly Measured[]> {
  const { replies, replay, resume, graded } = options;
  const repos = requireClones(options);
  const config = evaluationConfig(processConfig("cli"));
  const store = reproductionStore(resume, table);
  const modelsFor = replay ? null : modelsOf(config, replies);
  const bench: Bench = { config, repos, store, modelsFor, tell, signal: interruption() };
  const measured: Measured[] = [];
  for (const arm of arms) {
    const { results, leftOut } = await runArm(bench, table, arm, cases);
    const asked = cases.filter(({ instance }) => results.some((result) => result.instance === instance));
    const report = graded.get(arm.name);
    const word = report === undefined ? null : await harnessWord(report, arm, asked);
    const one = { arm, results, leftOut, graded: word };
    await keepForOthers(store, table, one, cases);
    measured.push(one);
  }
  return measured;
}

const harnessWord = async (report: string, { name }: Arm, asked: readonly Case[]) =>
  readHarnessReport(await readOption("--graded", report), report, name, asked).results;

/** What the harness takes, and what `eval compare` takes. */
async function keepForOthers(
  store: Store,
  table: Table,
  one: MeasuredArm,
  cases: readonly Case[],
): Promise<void> {
  const { arm, results } = one;
  const predictions = store.predictions(arm);
  await writeWhole(predictions, predictionLines(`copatcher-${table.id}-${arm.name}`, results));
  tell(`${arm.name}: predictions for the SWE-bench harness are in ${predictions}`);
  const decided = decidedBy(one, cases);
  if (decided === null) return;
  await writeWhole(store.results(arm), `${JSON.stringify(decided, null, 2)}\n`);
  tell(`${arm.name}: results for \`eval compare\` are in ${store.results(arm)}`);
}

function modelsOf(config: Config, replies: string | undefined): NonNullable<Bench["modelsFor"]> {
  if (replies !== undefined)
    return async (instance) => (await openReplies(join(replies, `${instance}.json`))).client;
  if (config.inference === null)
    throw new RepairError(
      "config-invalid",
      "COPATCHER_INFERENCE_URL is not set; give the endpoints, or recorded answers with --replies, or --replay",
    );
  const client = wireInference(config.inference, wireLogger(config, "silent"));
  return () => Promise.resolve(client);
}
