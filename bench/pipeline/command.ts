import { rememberReadings } from "../../src/languages/remembered.ts";
import { Command } from "commander";
import { ablate } from "./ablation.ts";
import { deployments, type DeploymentName } from "./deployments.ts";
import { headlinesOf } from "./headlines.ts";
import { compare, measureOurs, modelSideOnly, withExecutions, type Compared } from "./measure.ts";
import { measureOrchestrator } from "./orchestrator.ts";
import { tableOf } from "./table.ts";
import { targetsOf } from "./targets.ts";
import { makeSurroundings, type Scenario, type Surroundings } from "./world.ts";

const parts = ["issues", "executions", "deployments", "splits", "ablation", "orchestrator"] as const;
type Part = (typeof parts)[number];

type Options = {
  readonly issues: readonly number[];
  readonly seed: number;
  readonly only: readonly Part[];
  readonly json: boolean;
};

/** One issue is cheap, and how long its answers are is chance: the mean of so many. */
const seedsOfOne = 4;
const headline: DeploymentName = "fp8-2+1";

/** `npm run bench -- pipeline`: the product's schedule beside the reference's and the ideal one, in virtual time (issue 5). */
export const pipelineBench = (): Command =>
  new Command("pipeline")
    .description(
      "wall and GPU seconds of an issue beside the reference's schedule and the ideal one, on simulated H100",
    )
    .option("--issues <list>", "how many issues at once", numbers, [1, 8, 32])
    .option("--seed <n>", "of all that is drawn", Number, 1)
    .option("--only <list>", `some of ${parts.join(", ")}`, partsOf, [...parts])
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

const numbers = (text: string): readonly number[] => text.split(",").map(Number);
const partsOf = (text: string): readonly Part[] => parts.filter((part) => text.split(",").includes(part));

async function run({ issues, seed, only, json }: Options): Promise<void> {
  const plain = await makeSurroundings();
  const surroundings: Surroundings = { ...plain, language: rememberReadings(plain.language) };
  const wants = (part: Part): boolean => only.includes(part);
  const figures = {
    bench: "pipeline",
    deployment: deployments[headline].name,
    issues: wants("issues") ? await compareAll(surroundings, issues, seed, modelSideOnly) : {},
    withExecutions: wants("executions") ? await compareAll(surroundings, issues, seed, withExecutions) : {},
    deployments: wants("deployments") ? await otherDeployments(surroundings, seed) : {},
    splits: wants("splits") ? await atLoad(surroundings, seed) : {},
    ablation: wants("ablation") ? await ablate(surroundings, [seed, seed + 1]) : {},
    orchestrator: wants("orchestrator") ? await measureOrchestrator(seed) : null,
  };
  const headlines = headlinesOf(figures.issues);
  const report = {
    ...figures,
    ...headlines,
    targets: targetsOf(figures),
    gap: figures.issues["1"]?.gap ?? null,
  };
  console.error(tableOf(report));
  if (json) console.log(JSON.stringify(roundAll(report)));
}

type Report = Readonly<Record<string, Compared>>;

async function compareAll(
  surroundings: Surroundings,
  issues: readonly number[],
  seed: number,
  executions: Scenario["executions"],
): Promise<Report> {
  const compared: Record<string, Compared> = {};
  for (const count of issues)
    compared[count] = await compare(surroundings, scenariosOf(headline, count, seed, executions));
  return compared;
}

const scenariosOf = (
  name: DeploymentName,
  issues: number,
  seed: number,
  executions: Scenario["executions"],
): readonly Scenario[] =>
  Array.from({ length: issues === 1 ? seedsOfOne : 1 }, (_, at) => ({
    deployment: deployments[name],
    issues,
    executions,
    seed: seed + at,
  }));

export type OtherDeployment = Compared & {
  readonly gpuSecondsAtLoad: number;
  readonly planGpuAtLoad: number | null;
};

/** One issue on the other rows of the notes, and GPU seconds per issue with eight at once. */
async function otherDeployments(
  surroundings: Surroundings,
  seed: number,
): Promise<Readonly<Record<string, OtherDeployment>>> {
  const results: Record<string, OtherDeployment> = {};
  for (const name of ["bf16", "one-gpu"] as const) {
    const one = await compare(surroundings, scenariosOf(name, 1, seed, modelSideOnly));
    const loaded = await measureOurs(surroundings, scenariosOf(name, 8, seed, modelSideOnly));
    const gpuSecondsAtLoad = loaded.gpuSecondsPerIssue;
    results[name] = { ...one, gpuSecondsAtLoad, planGpuAtLoad: deployments[name].plan.loaded };
  }
  return results;
}

/** What 32 issues at once come to on another split of the GPUs among the roles. */
export type Split = {
  readonly gpuBusy: number;
  readonly gpuSecondsPerIssue: number;
  readonly issuesPerGpuHour: number;
};

async function atLoad(surroundings: Surroundings, seed: number): Promise<Readonly<Record<string, Split>>> {
  const issues = 32;
  const results: Record<string, Split> = {};
  for (const name of [headline, "fp8-3+1", "one-gpu"] as const) {
    const scenarios = scenariosOf(name, issues, seed, modelSideOnly);
    const { seconds, gpuBusy, gpuSecondsPerIssue } = await measureOurs(surroundings, scenarios);
    const issuesPerGpuHour = (3_600 * issues) / (seconds * deployments[name].gpus);
    results[deployments[name].name] = { gpuBusy, gpuSecondsPerIssue, issuesPerGpuHour };
  }
  return results;
}

/** Numbers with three significant digits or more, as far as anybody reads them. */
function roundAll<T>(value: T): T {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === "number" && !Number.isInteger(one) ? Number(one.toFixed(one < 10 ? 3 : 1)) : one,
  );
  return JSON.parse(text) as T;
}
