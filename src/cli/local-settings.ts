import { unlimited } from "../domain/limits.ts";
import type { SettingsValues } from "../domain/settings.ts";
import { withVisibleHidden } from "../domain/visible-text.ts";
import type { LoadedSettings, SettingsInput } from "../runs/load-settings.ts";
import type { RunLimits } from "../runs/prepare-environment.ts";
import { operatorCaps } from "../runs/settings-caps.ts";

/** The settings of work on this machine: no owner is asked, and what the command says wins. */
export const localSettings = (command: SettingsValues, { setup }: RunLimits): SettingsInput => ({
  owner: null,
  command,
  caps: operatorCaps(unlimited, { run: Infinity, step: setup.stepMinutes }),
});

/** Says on standard error what of the settings does not hold. */
export function tellNotes({ notes }: LoadedSettings): void {
  for (const note of notes) process.stderr.write(`${withVisibleHidden(note)}\n`);
}
