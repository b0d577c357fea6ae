import { z } from "zod";
import { asRepairError } from "../domain/errors.ts";
import type { FileChange } from "../domain/edit.ts";
import { rebaseChanges } from "../domain/rebase-changes.ts";
import { checkPatch } from "../pipeline/check-patch.ts";
import { tryKnownScripts } from "../pipeline/known-scripts.ts";
import { createSourceReader } from "../pipeline/source-files.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Checkout, TreeEntry } from "../ports/workspace.ts";
import { movedBaseText, type OnNewHead } from "../report/moved-base.ts";
import type { Proposed } from "../report/pull-request.ts";
import { repairInput } from "./kinds/repair-input.ts";
import type { Task, WorkDependencies } from "./kinds/work.ts";
import { onRepository } from "./repair-issue.ts";

const Moved = z.object({ holds: z.boolean(), text: z.string() }).nullable();

/** What becomes of a patch on a base branch that moved on meanwhile; `text` is Markdown. Null: nothing that concerns it. */
export type MovedBase = z.infer<typeof Moved>;

/**
 * Looks once whether the run's branch has moved on. Where that changed a file of the patch, or a test, the scripts and tests
 * are executed on its new head; what cannot be executed there does not hold. Throws where the forge cannot be asked or read.
 */
export const checkMovedBase = (deps: WorkDependencies, task: Task, result: Proposed): Promise<MovedBase> =>
  deps.journal(task.claim).step("moved-base", {}, Moved, async () => {
    const { base, forge, control, claim } = task;
    const { repo } = claim.run.issue.ref;
    const head = await forge.branch(repo, base.name);
    if (head === null || head.sha === base.sha) return null;
    const move = { branch: base.name, from: base.sha, to: head.sha };
    try {
      const at = (sha: string): Promise<Checkout> =>
        deps.tools.workspace.checkout(forge.source(repo), sha, control.signal);
      const now = await at(head.sha);
      const own = new Set(result.winner.changes.map(({ path }) => path));
      const isTest = (path: string): boolean =>
        deps.tools.languages.some((language) => language.isTest(path));
      const changed = await changedPaths(await at(base.sha), now);
      const files = changed.filter((path) => own.has(path) || isTest(path));
      if (files.length === 0) return null;
      const found = await onNewHead(deps, task, { result, now });
      return { holds: holdsAs(result, found), text: movedBaseText({ ...move, files }, found) };
    } catch (error) {
      const { code } = asRepairError(error);
      // an outage passes: what is stored here stays
      if (code === "lease-lost" || code === "forge-unavailable" || control.signal.aborted) throw error;
      // whatever is wrong there, the patch and its evidence are not lost
      deps.tools.logger.warn(
        { runId: claim.run.id, code, ...move },
        "the patch was not executed on the new head",
      );
      const found = { kind: "not-executed", why: code } as const;
      return { holds: false, text: movedBaseText({ ...move, files: [] }, found) };
    }
  });

const holdsAs = ({ level }: Proposed, found: OnNewHead): boolean =>
  found.kind === "executed" && (found.result.level === "validated" || found.result.level === level);

async function onNewHead(
  deps: WorkDependencies,
  task: Task,
  { result, now }: { readonly result: Proposed; readonly now: Checkout },
): Promise<OnNewHead> {
  const changes = await rebasedOnto(now, result.winner.changes);
  if (changes === null) return { kind: "does-not-fit" };
  // steps of the journal know their commit
  const again = {
    ...repairInput(deps, task),
    ref: now.baseSha,
    record: nothing,
    onSettings: () => undefined,
  };
  const checked = await onRepository(deps.tools, again, (context) =>
    checkPatch(context, changes, (stage) => tryKnownScripts(stage, result.evidence.pocs)),
  );
  return { kind: "executed", result: checked.result };
}

async function rebasedOnto(
  checkout: Checkout,
  changes: readonly FileChange[],
): Promise<readonly FileChange[] | null> {
  const read = createSourceReader(checkout);
  const texts = new Map<string, string | null>();
  for (const { path } of changes) {
    const source = await read(path);
    if ("missing" in source && source.missing === "not-text") return null;
    texts.set(path, "text" in source ? source.text : null);
  }
  return rebaseChanges(changes, (path) => texts.get(path) ?? null);
}

async function changedPaths(before: Checkout, after: Checkout): Promise<readonly string[]> {
  const byPath = async (checkout: Checkout): Promise<ReadonlyMap<string, TreeEntry>> =>
    new Map((await checkout.entries()).map((entry) => [entry.path, entry]));
  const [old, now] = [await byPath(before), await byPath(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (path) => old.get(path)?.blob !== now.get(path)?.blob,
  );
}

/** The run's record is about the commit that it began on. */
const nothing: RunRecord = { note: () => Promise.resolve(), flush: () => Promise.resolve() };
