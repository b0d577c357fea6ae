import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { ifPossible } from "./if-possible.ts";

/**
 * A run store that puts a rocket beside the eyes on the comment that asked for a run, just before the run ends: later its
 * worker may write nothing any more. A reaction that is there already stays the only one.
 */
export const reactingToEnds = <T extends Pick<RunStore, "advance">>(
  runs: T,
  forge: Forge,
  logger: Logger,
): T => ({
  ...runs,
  async advance(claim, event, tokens) {
    const { id: runId, issue, trigger } = claim.run;
    const { comment } = trigger;
    if (event.kind === "ended" && comment !== undefined) {
      const target = { kind: "comment", repo: issue.ref.repo, comment } as const;
      await ifPossible(logger, { runId, failed: "the rocket was not shown" }, () =>
        forge.react(target, "rocket"),
      );
    }
    return runs.advance(claim, event, tokens);
  },
});
