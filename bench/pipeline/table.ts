import type { Ablated } from "./ablation.ts";
import type { OtherDeployment, Split } from "./command.ts";
import type { Compared } from "./measure.ts";
import type { Orchestrator } from "./orchestrator.ts";
import { stageNames, type Stages } from "./stages.ts";
import { verdictOn, type Target } from "./targets.ts";
import { purposes } from "./tokens.ts";

type Report = {
  readonly deployment: string;
  readonly issues: Readonly<Record<string, Compared>>;
  readonly withExecutions: Readonly<Record<string, Compared>>;
  readonly deployments: Readonly<Record<string, OtherDeployment>>;
  readonly splits: Readonly<Record<string, Split>>;
  readonly ablation: Readonly<Record<string, Ablated>>;
  readonly orchestrator: Orchestrator | null;
  readonly targets: readonly Target[];
};

/** The report for people. */
export function tableOf(report: Report): string {
  const { orchestrator } = report;
  return [
    ...comparedRows(`model side only, ${report.deployment}`, report.issues),
    ...gapRows(report.issues["1"]?.gap ?? null),
    ...comparedRows(`with executions (tests 60 s, scripts 8 s, 8 slots an issue)`, report.withExecutions),
    ...gapRows(report.withExecutions["1"]?.gap ?? null),
    ...comparedRows("one issue on other deployments", report.deployments),
    ...Object.entries(report.deployments).map(
      ([name, { gpuSecondsAtLoad, planGpuAtLoad }]) =>
        `  ${name} with 8 at once: ${gpuSecondsAtLoad.toFixed(0)} GPU seconds an issue (plan: ${planGpuAtLoad ?? "not in the notes"})`,
    ),
    ...splitRows(report.splits),
    ...ablationRows(report.ablation),
    ...(orchestrator === null
      ? []
      : [
          "",
          `orchestrator: ${orchestrator.cpuPercentAt2000TokensPerSecond.toFixed(1)} % of a core at 2,000 tokens/s ` +
            `(measured at ${orchestrator.tokensPerSecond.toFixed(0)}), ${orchestrator.memoryMbAt32Issues.toFixed(0)} MB at 32 issues`,
        ]),
    ...targetRows(report.targets),
  ].join("\n");
}

function comparedRows(title: string, compared: Readonly<Record<string, Compared>>): readonly string[] {
  if (Object.keys(compared).length === 0) return [];
  const heads = [
    "",
    "ours s",
    "ideal s",
    "reference s",
    "ours/ideal",
    "ref./ours",
    "GPU s",
    "ideal GPU s",
    "plan",
    "ours/plan a token",
    "busy",
    "ideal busy",
  ];
  const rows = Object.entries(compared).map(([name, one]) => [
    name,
    one.oursSeconds.toFixed(0),
    one.idealSeconds.toFixed(0),
    one.referenceSeconds.toFixed(0),
    one.oursOverIdeal.toFixed(2),
    one.referenceOverOurs.toFixed(1),
    one.gpuSecondsPerIssue.toFixed(0),
    one.idealGpuSecondsPerIssue.toFixed(0),
    one.planGpuSeconds.toFixed(0),
    one.gpuOverPlanPerToken.toFixed(2),
    one.gpuBusy.toFixed(2),
    one.idealGpuBusy.toFixed(2),
  ]);
  return ["", title, ...aligned([heads, ...rows]), ...gpuRows(compared), ...tokenRows(compared["1"])];
}

const gpuRows = (compared: Readonly<Record<string, Compared>>): readonly string[] => {
  const rows = Object.entries(compared).flatMap(([name, { busyByGpu, idleByGpu }]) =>
    Object.entries(busyByGpu).map(([gpu, busy]) => {
      const { before = 0, between = 0, after = 0 } = idleByGpu[gpu] ?? {};
      return [`${name}: ${gpu}`, ...[busy, before, between, after].map((share) => share.toFixed(2))];
    }),
  );
  return aligned([
    ["GPUs", "busy", "idle: before its first call", "between calls", "after its last"],
    ...rows,
  ]);
};

const tokenRows = (one: Compared | undefined): readonly string[] =>
  one === undefined
    ? []
    : [
        `  tokens of one issue, ours (ideal): ${purposes
          .map(
            (purpose) =>
              `${purpose} ${thousands(one.tokens[purpose])} (${thousands(one.idealTokens[purpose])})`,
          )
          .join(", ")}`,
      ];

const thousands = (tokens: number): string => `${(tokens / 1_000).toFixed(1)}k`;

const gapRows = (gap: Stages | null): readonly string[] =>
  gap === null
    ? []
    : [
        `  ours less the ideal, one issue: ${stageNames.map((name) => `${name} ${gap[name].toFixed(1)} s`).join(", ")}`,
      ];

const targetRows = (targets: readonly Target[]): readonly string[] => {
  if (targets.length === 0) return [];
  const rows = targets.map((one) => [
    one.what,
    one.wanted,
    one.ours.toFixed(2),
    one.ideal?.toFixed(2) ?? "",
    verdictOn(one),
  ]);
  return ["", "what is wanted", ...aligned([["", "wanted", "ours", "ideal", ""], ...rows])];
};

function splitRows(splits: Readonly<Record<string, Split>>): readonly string[] {
  if (Object.keys(splits).length === 0) return [];
  const rows = Object.entries(splits).map(([name, one]) => [
    name,
    one.gpuBusy.toFixed(2),
    one.gpuSecondsPerIssue.toFixed(0),
    one.issuesPerGpuHour.toFixed(1),
  ]);
  const heads = ["", "GPUs busy", "GPU s an issue", "issues an hour and GPU"];
  return ["", "32 issues at once, models only, by how the GPUs are split", ...aligned([heads, ...rows])];
}

function ablationRows(ablation: Readonly<Record<string, Ablated>>): readonly string[] {
  if (Object.keys(ablation).length === 0) return [];
  const rows = Object.entries(ablation).map(([name, { seconds, gpuSeconds, notes }]) => [
    name,
    seconds.toFixed(0),
    gpuSeconds.toFixed(0),
    ...(notes?.map(String) ?? ["", ""]),
  ]);
  const title = "ablation: one issue on 3 GPUs bf16; all but `plan` keep all 60 candidates";
  return ["", title, ...aligned([["", "wall s", "GPU s", "notes: wall", "GPU"], ...rows])];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map(
    (row) =>
      `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}`,
  );
}
