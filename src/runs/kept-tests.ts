import { canonicalJson } from "../domain/canonical-json.ts";
import type { FileChange } from "../domain/edit.ts";
import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import { textHash, type TestCommit } from "../domain/own-tests.ts";
import { eventId, type RecordEvent } from "../domain/record/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { RecordStore } from "../ports/run-record.ts";
import { scrubbed } from "./scrubbed.ts";

/** A commit that added tests to a pull request of ours. */
export type AddedTests = {
  /** The run that opened the pull request. */
  readonly opened: string;
  readonly pullRequest: number;
  readonly commit: string;
  readonly edit: readonly FileChange[];
  readonly tests: readonly string[];
};

/**
 * Keeps what a commit of ours added, with the run that opened the pull request: later runs know by it which tests are ours.
 * Told again it is kept once; where it cannot be kept, those runs take the tests for edits like anybody's.
 */
export async function keepAddedTests(
  deps: {
    readonly records: Pick<RecordStore, "append">;
    readonly clock: Clock;
    readonly tools: { readonly logger: Logger };
  },
  { opened, pullRequest, commit, edit, tests }: AddedTests,
): Promise<void> {
  const entries = edit.flatMap(({ path, before, after }) => {
    if (after === null) return [];
    const around = { path, before: textHash(before), after: textHash(after) ?? "" };
    const event: RecordEvent = { kind: "test-added", pullRequest, commit, ...around, tests };
    const id = eventId(opened, event.kind, canonicalJson([pullRequest, commit, path]));
    return [{ id, time: deps.clock.now(), event: scrubbed(event, []), blobs: [], texts: [] }];
  });
  try {
    await deps.records.append(opened, entries);
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.tools.logger.warn({ runId: opened, code, error: message }, "the added tests are not kept");
  }
}

/** What runs of ours added to a pull request, as far as its record still has it; nothing where no run opened it. */
export async function keptTests(
  records: Pick<RecordStore, "runOfPullRequest" | "events">,
  repo: RepoRef,
  pullRequest: number,
): Promise<readonly TestCommit[]> {
  const opened = await records.runOfPullRequest(repo, pullRequest);
  const events = opened === null ? [] : await records.events(opened);
  return events.flatMap(({ event }) =>
    event.kind === "test-added" && event.pullRequest === pullRequest ? [event] : [],
  );
}
