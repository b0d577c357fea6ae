import { asRepairError } from "../domain/errors.ts";
import { issueKey, repoSlug, type IssueRef } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import { labelFamily, labelOf, sameLabel, type LabelSettings } from "../domain/settings/labels.ts";
import { statusOf, type Status } from "../domain/status-label.ts";
import type { Forge, Forges, ForgeUse } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunReader } from "../ports/run-store.ts";
import { labelNames } from "./label-names.ts";
import { Interrupted } from "./run-control.ts";

export type LabelDependencies = {
  readonly runs: Pick<RunReader, "run" | "live" | "latest" | "openPullRequests">;
  readonly forges: Forges;
  readonly logger: Logger;
};

/** Paints the labels of issues from the store, which alone knows what is true. */
export type LabelPainter = {
  /** The run moved: its issue is painted soon, once for all that happens until then. Never throws. */
  paint(run: RepairRun): void;
  /** Waits for everything that was asked for. */
  settled(): Promise<void>;
  /** Begins nothing more, and breaks off what is under way. */
  stop(): Promise<void>;
};

/** Pull requests among which one is looked for. */
const mostOpen = 2_000;
/** How often a status that moves meanwhile is painted anew; the next move or sweep goes on. */
const mostTries = 3;

/** One issue at a time of each installation: labels are not worth GitHub's limits. */
export function createLabelPainter(deps: LabelDependencies): LabelPainter {
  const waiting = new Map<string, RepairRun>();
  const lines = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  // whoever paints paints what the store says now, so no run has to be held for it
  const use = { mayWrite: () => Promise.resolve(), signal };

  async function turn(key: string): Promise<void> {
    const run = waiting.get(key);
    waiting.delete(key);
    if (run === undefined) return;
    try {
      await paintIssue(deps, use, run);
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = asRepairError(error);
      deps.logger.warn({ issue: key, code, error: message }, "an issue's label was not painted");
    }
  }

  const settled = async (): Promise<void> => {
    await Promise.all(lines.values());
  };
  return {
    paint(run) {
      const key = issueKey(run.issue.ref);
      const known = waiting.get(key);
      if (signal.aborted) return;
      waiting.set(key, known !== undefined && known.attempt > run.attempt ? known : run);
      if (known !== undefined) return;
      const line = (lines.get(run.installation) ?? Promise.resolve()).then(() => turn(key));
      lines.set(run.installation, line);
    },
    settled,
    async stop() {
      waiting.clear();
      stopping.abort(new Interrupted({ kind: "shutdown" }));
      await settled();
    },
  };
}

async function paintIssue(deps: LabelDependencies, use: ForgeUse, told: RepairRun): Promise<void> {
  const forge = deps.forges.forInstallation(told.installation, use);
  const { ref } = told.issue;
  let labels: LabelSettings | null = null;
  let painted: Status | null | undefined;
  for (let tried = 0; tried < mostTries; tried++) {
    const status = await statusNow(deps, told);
    if (status === undefined || status === painted) return;
    labels ??= (await labelNames(deps, forge, ref.repo)).labels;
    await forge.paintLabel(ref, status === null ? null : labelOf(status, labels), labelFamily(labels));
    painted = status;
  }
}

/** Of the issue's newest repair; undefined when none is known, since other kinds of runs change no label. */
async function statusNow({ runs }: LabelDependencies, told: RepairRun): Promise<Status | null | undefined> {
  const { ref } = told.issue;
  const known = [await runs.run(told.id), await runs.latest(ref), ...(await runs.live(ref))];
  const [newest] = known
    .filter((run) => run !== null)
    .filter(({ kind }) => kind === "repair")
    .toSorted((one, other) => other.attempt - one.attempt);
  if (newest === undefined) return undefined;
  const { state } = newest;
  return statusOf(newest, state.at === "proposed" && (await isOpen(runs, ref, state.pullRequest)));
}

async function isOpen(
  runs: Pick<RunReader, "openPullRequests">,
  { repo }: IssueRef,
  pullRequest: number,
): Promise<boolean> {
  const all = await runs.openPullRequests(mostOpen);
  return all.some((one) => one.number === pullRequest && repoSlug(one.repo) === repoSlug(repo));
}

/** Whether people want the bot to leave the issue, or pull request, alone: `ignore` is the label that says so. */
export async function isOptedOut(
  forge: Pick<Forge, "labels">,
  ref: IssueRef,
  ignore: string,
): Promise<boolean> {
  return (await forge.labels(ref)).some((name) => sameLabel(name, ignore));
}
