import type { FileChange } from "../domain/edit.ts";
import type { TestPlan } from "../languages/language.ts";
import { overlaidCheckout } from "./overlaid-checkout.ts";
import { planTests } from "./plan-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** How one test file of the changed commit is run alone, by the settings' commands where there are any; null when it is not run. */
export async function oneFilePlan(
  { language, checkout, settings }: StageContext,
  changes: readonly FileChange[],
  path: string,
): Promise<TestPlan | null> {
  const needs = {
    language,
    checkout: overlaidCheckout(checkout, changes),
    settings: { ...settings, tests: { ...settings.tests, max_files: 1 } },
  };
  const plan = await planTests(needs, [path]);
  // of a command in the settings nobody knows which files it runs
  return plan === null || plan.selected.length === 0 || plan.selected.includes(path) ? plan : null;
}
