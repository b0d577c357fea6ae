import { asRepairError } from "../domain/errors.ts";
import type { RepairRun, Stage } from "../domain/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { ProgressEvent, ReportProgress } from "../ports/progress.ts";
import { progressText } from "../report/issue-comment.ts";
import { commentMarker } from "./markers.ts";

/** The run's one comment on its issue. Edits are serial and at most one per interval, as GitHub asks of apps. */
export type ProgressComment = {
  readonly report: ReportProgress;
  /** Waits for an edit under way and stops further ones. */
  settle(): Promise<void>;
  /** Writes the last text; nothing is written after it. A forge that stays down is only logged. */
  finish(body: string): Promise<void>;
};

/** Milliseconds between two edits (peers.md, section 3.10: ten seconds are plenty). */
const interval = 10_000;
/** Waits before the closing text is tried again: nobody else would write it. */
const closingRetries = [2_000, 10_000, 30_000];

/** A check answers in a comment of its own, so that the issue keeps what its repair said. */
const markerOf = ({ kind, issue }: RepairRun): string =>
  commentMarker(kind === "repair" ? "progress" : "check", issue.ref);

/** Writes the comment as it is now; `events` are the latest per stage. */
export async function showProgress(
  forge: Forge,
  run: RepairRun,
  events: readonly ProgressEvent[],
): Promise<void> {
  await forge.upsertComment(run.issue.ref, markerOf(run), progressText(run, events));
}

export function createProgressComment(
  forge: Forge,
  run: RepairRun,
  deps: { readonly clock: Clock; readonly tools: { readonly logger: Logger } },
): ProgressComment {
  const { logger } = deps.tools;
  const latest = new Map<Stage, ProgressEvent>();
  let writing: Promise<void> = Promise.resolve();
  let nextEdit = 0;
  let open = true;

  const write = (): void => {
    nextEdit = deps.clock.now() + interval;
    writing = writing
      .then(() => showProgress(forge, run, [...latest.values()]))
      .catch((error: unknown) =>
        logger.warn({ runId: run.id, error: String(error) }, "progress was not shown"),
      );
  };
  const settle = async (): Promise<void> => {
    open = false;
    await writing;
  };
  return {
    report(event) {
      latest.set(event.stage, event);
      logger.info({ runId: run.id, progress: event }, "progress");
      if (open && deps.clock.now() >= nextEdit) write();
    },
    settle,
    async finish(body) {
      await settle();
      for (const wait of [...closingRetries, null]) {
        try {
          await forge.upsertComment(run.issue.ref, markerOf(run), body);
          return;
        } catch (error) {
          const { code, message, retryable } = asRepairError(error);
          if (wait === null || !retryable) {
            logger.error({ runId: run.id, code, error: message }, "the closing comment was not written");
            return;
          }
          await deps.clock.sleep(wait);
        }
      }
    },
  };
}
