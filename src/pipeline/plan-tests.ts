import type { RepoSettings } from "../domain/settings.ts";
import { targetedAt } from "../domain/settings/targeted.ts";
import type { Language, TestPlan } from "../languages/language.ts";
import { pathArgument } from "../languages/shell.ts";
import type { Checkout } from "../ports/workspace.ts";

/** What decides which tests are run. */
export type TestNeeds = {
  readonly language: Language;
  readonly checkout: Checkout;
  readonly settings: RepoSettings;
};

/**
 * The repository's tests near the suspects: by the settings' command for given files, where the language finds files, by
 * their command for all tests, else as the language finds. Null when the repository has no tests.
 */
export async function planTests(
  { language, checkout, settings }: TestNeeds,
  suspects: readonly string[],
): Promise<TestPlan | null> {
  const { command, targeted, max_files } = settings.tests;
  const planned = (of: string | null): Promise<TestPlan | null> =>
    language.planTests(checkout, { suspects, command: of, maxFiles: max_files });
  if (targeted === null) return planned(command);
  const found = await planned(null);
  const selected = found?.selected ?? [];
  if (selected.length === 0) return command === null ? found : planned(command);
  const plan = await planned(targetedAt(targeted, selected.map(pathArgument)));
  return plan === null ? null : { ...plan, selected };
}
