import type { Edition } from "../domain/edition.ts";
import { asRepairError, type RepairError } from "../domain/errors.ts";
import type { RepairRun, RunKind } from "../domain/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { ProgressEvent, ReportProgress } from "../ports/progress.ts";
import type { Claim } from "../ports/run-store.ts";
import { progressText, stagesOf, type QueuePlace } from "../report/issue-comment.ts";
import { settingsNotes } from "../report/settings-notes.ts";
import { commentMarker, type CommentKind } from "./markers.ts";
import { Interrupted } from "./run-control.ts";
import { createStageClock } from "./stage-clock.ts";

/** The run's one comment on its issue. Edits are serial and at most one per interval, as GitHub asks of apps. */
export type ProgressComment = {
  readonly report: ReportProgress;
  /** What people must know of the run's settings; the last text says it too. */
  remark(notes: readonly string[]): void;
  /** Writes a text that later ones replace; a forge that is down is only logged. */
  tell(body: string): Promise<void>;
  /** Waits for an edit under way and stops further ones. */
  settle(): Promise<void>;
  /**
   * Writes the last text; nothing is written after it. A forge that stays down is only logged. Throws when the run goes
   * on elsewhere (`lease-lost`, or the process ends): then that is not its last word.
   */
  finish(body: string): Promise<void>;
};

/** Milliseconds between two edits (peers.md, section 3.10: ten seconds are plenty). */
const interval = 10_000;
/** Waits before the closing text is tried again: nobody else would write it. */
const closingRetries = [2_000, 10_000, 30_000];

/** What answers a question has a comment of its own, so that the issue keeps what its repair said. */
const answersOf: Readonly<Record<RunKind, CommentKind>> = {
  repair: "progress",
  "environment-check": "check",
  plan: "plan",
  reproduction: "reproduction",
  validation: "validation",
  revision: "revision",
  "test-addition": "test-addition",
};

export const progressMarker = ({ kind, issue }: RepairRun): string =>
  commentMarker(answersOf[kind], issue.ref);

/** Comments and pull requests of a run's later claims, and of later runs, are not overwritten by earlier ones'. */
export const editionOfClaim = ({ run, fence }: Pick<Claim, "run" | "fence">): Edition => ({
  run: run.id,
  attempt: run.attempt,
  fence,
});

/** The edition of the word on a run that has ended: no claim of it follows. */
export const lastEdition = (run: RepairRun): Edition => editionOfClaim({ run, fence: 999_999_999 });

/** Writes the comment of a run that nobody has begun. */
export async function showProgress(
  forge: Forge,
  run: RepairRun,
  events: readonly ProgressEvent[],
  queue?: QueuePlace,
): Promise<void> {
  const text = progressText(run, events, queue);
  await forge.upsertComment(run.issue.ref, progressMarker(run), text, editionOfClaim({ run, fence: 0 }));
}

/** Whether an error means that the run's last word is for somebody else to say. */
function goesOnElsewhere({ code, cause }: RepairError): boolean {
  const kind = cause instanceof Interrupted ? cause.interrupt.kind : null;
  return code === "lease-lost" || kind === "lease-lost" || kind === "shutdown";
}

/** `signal` breaks the run off. */
export function createProgressComment(
  forge: Forge,
  claim: Pick<Claim, "run" | "fence">,
  deps: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly tools: { readonly logger: Logger };
  },
): ProgressComment {
  const { run } = claim;
  const { logger } = deps.tools;
  const stages = createStageClock(stagesOf(run.kind));
  let writing: Promise<void> | null = null;
  // there was news since the edit under way was begun
  let isStale = false;
  // a run that resumes has said where it is: GitHub takes few changes, and these are worth the least
  let nextEdit = claim.fence > 1 ? deps.clock.now() + interval : 0;
  let open = true;
  let remarks = "";

  const say = (text: string): Promise<number | null> =>
    forge.upsertComment(run.issue.ref, progressMarker(run), text, editionOfClaim(claim));
  const write = async (): Promise<void> => {
    do {
      isStale = false;
      try {
        await say(progressText(run, stages.news(deps.clock.now())));
      } catch (error) {
        logger.warn({ runId: run.id, error: String(error) }, "progress was not shown");
      }
    } while (isStale);
    writing = null;
  };
  const settle = async (): Promise<void> => {
    [open, isStale] = [false, false];
    await writing;
  };
  return {
    report(event) {
      stages.heard(event, deps.clock.now());
      logger.info({ runId: run.id, progress: event }, "progress");
      const wait = nextEdit - deps.clock.now();
      // more than an interval is a clock that was set back
      if (!open || (wait > 0 && wait <= interval)) return;
      nextEdit = deps.clock.now() + interval;
      // edits that take longer than progress must not pile up
      if (writing === null) writing = write();
      else isStale = true;
    },
    settle,
    remark(notes) {
      remarks = settingsNotes(notes);
      if (notes.length > 0) logger.warn({ runId: run.id, notes }, "settings were left out or lowered");
    },
    async tell(body) {
      await settle();
      try {
        await say(body);
      } catch (error) {
        logger.warn({ runId: run.id, error: String(error) }, "the waiting was not shown");
      }
    },
    async finish(body) {
      await settle();
      // somebody who cancels does not want to wait, but wants to be told
      const bound = deps.signal.aborted ? undefined : deps.signal;
      for (const wait of [...closingRetries, null]) {
        try {
          await say(body + remarks);
          return;
        } catch (thrown) {
          const error = asRepairError(thrown);
          const { code, message, retryable } = error;
          if (goesOnElsewhere(error)) throw error;
          if (wait === null || !retryable) {
            logger.error({ runId: run.id, code, error: message }, "the closing comment was not written");
            return;
          }
          await deps.clock.sleep(wait, bound).catch((reason: unknown) => {
            if (goesOnElsewhere(asRepairError(reason))) throw reason;
          });
        }
      }
    },
  };
}
