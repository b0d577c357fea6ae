import { Listr } from "listr2";
import type { Stage } from "../domain/run.ts";
import type { ProgressEvent, ReportProgress } from "../ports/progress.ts";

export type ProgressView = { readonly report: ReportProgress; end(): Promise<void> };

const titles: Readonly<Record<Stage, string>> = {
  checkout: "Read the repository",
  environment: "Build the environment",
  reproduce: "Reproduce the issue",
  localize: "Locate the fault",
  generate: "Write candidates",
  validate: "Execute candidates",
  rank: "Rank and vote",
  publish: "Publish",
};

/** Progress for people: a live task list on a terminal, plain lines on standard error elsewhere, nothing when `silent`. */
export function createProgressView(stages: readonly Stage[], silent: boolean): ProgressView {
  if (silent) return { report: () => {}, end: () => Promise.resolve() };
  return process.stdout.isTTY ? liveView(stages) : plainView(process.stderr);
}

const counter = ({ done, total }: ProgressEvent): string =>
  done === undefined || total === undefined ? "" : ` ${done}/${total}`;

function plainView(stream: NodeJS.WriteStream): ProgressView {
  let last = "";
  return {
    report(event) {
      const step = event.total === undefined ? 0 : Math.floor((4 * (event.done ?? 0)) / event.total);
      const key = `${event.stage}/${event.text}/${step}`;
      if (key !== last) stream.write(`${titles[event.stage]}: ${event.text}${counter(event)}\n`);
      last = key;
    },
    end: () => Promise.resolve(),
  };
}

/** The stages that are over once this has happened. */
function endedBy({ stage, done, total }: ProgressEvent): readonly Stage[] {
  const before: readonly Stage[] =
    stage === "publish"
      ? ["checkout", "environment", "rank"]
      : stage === "checkout"
        ? []
        : stage === "environment"
          ? ["checkout"]
          : ["checkout", "environment"];
  // Localization counts twice, files and then lines, and says without a count what it found.
  const over = stage === "localize" ? total === undefined : total !== undefined && done === total;
  return over ? [...before, stage] : before;
}

type Row = { update(event: ProgressEvent): void; close(): void };

function liveView(stages: readonly Stage[]): ProgressView {
  const rows = new Map<Stage, Row>();
  const list = new Listr(
    stages.map((stage) => ({
      title: titles[stage],
      task: (_, task): Promise<void> =>
        new Promise((resolve) => {
          rows.set(stage, {
            update: (event) => {
              task.title = `${titles[stage]}: ${event.text}${counter(event)}`;
            },
            close: resolve,
          });
        }),
    })),
    { concurrent: true },
  );
  const running = list.run();
  return {
    report(event) {
      rows.get(event.stage)?.update(event);
      for (const stage of endedBy(event)) rows.get(stage)?.close();
    },
    async end() {
      for (const row of rows.values()) row.close();
      await running;
    },
  };
}
