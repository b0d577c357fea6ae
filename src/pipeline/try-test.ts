import { composeChanges } from "../domain/compose-changes.ts";
import { judgeAddedTest, type AddedTestVerdict } from "../domain/added-test.ts";
import type { FileChange } from "../domain/edit.ts";
import type { TestReport } from "../domain/execution.ts";
import { oneFilePlan } from "./one-file-plan.ts";
import { patchedFiles, runTests, type Patched } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** A test that a model wrote, on top of a patch of the context's commit. */
export type WrittenTest = {
  /** Names its executions. */
  readonly name: string;
  readonly path: string;
  /** What leads to it from the head of the patch. */
  readonly edit: readonly FileChange[];
  /** The patch, from the context's commit. */
  readonly changes: readonly FileChange[];
};

/** Runs the test's file alone, with and without the test, on the context's commit and with the patch. */
export async function tryTest(
  context: StageContext,
  { name, path, edit, changes }: WrittenTest,
): Promise<AddedTestVerdict> {
  const whole = composeChanges(changes, edit);
  const plan = await oneFilePlan(context, whole, path);
  if (plan === null) return { kind: "rejected", why: `the test runner does not run ${path}` };
  const place = await context.environments.placeFor(changes);
  if (place.kind === "unable") return { kind: "rejected", why: place.reason };

  const environment = place.kind === "layer" ? { environment: place.reference } : {};
  const run = async (label: string, patched: Patched): Promise<TestReport> =>
    (await runTests(context, plan, `added-test/${name}/${label}`, patched)).report;
  const onBase = { files: patchedFiles(edit) };
  const onHead = { files: patchedFiles(whole), ...environment };
  const [base, head, base1, base2, head1, head2] = await Promise.all([
    run("base", { files: [] }),
    run("head", { files: patchedFiles(changes), ...environment }),
    run("base/1", onBase),
    run("base/2", onBase),
    run("head/1", onHead),
    run("head/2", onHead),
  ]);
  return judgeAddedTest({ base, head, addedToBase: [base1, base2], addedToHead: [head1, head2] });
}
