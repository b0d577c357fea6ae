import { RepairError } from "../domain/errors.ts";
import { otherSettingsPath, settingsPath, type SettingsValues } from "../domain/settings.ts";
import type { SettingsCaps } from "../domain/settings/caps.ts";
import { resolveSettings, type ResolvedSettings } from "../domain/settings/layers.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import type { Checkout } from "../ports/workspace.ts";
import { checkSettings, type SettingsProblem } from "./settings-file.ts";

/** A settings file and what to call it. */
export type SettingsFile = { readonly where: string; readonly bytes: Uint8Array };

/** What holds beside the repository's own file. */
export type SettingsInput = {
  /** The owner's file for all of its repositories; null when there is none. */
  readonly owner: SettingsFile | null;
  /** Instead of the file of the commit that is worked on; null when the default branch has none. */
  readonly repository?: SettingsFile | null;
  /** Of the command or the command line. */
  readonly command: SettingsValues;
  readonly caps: SettingsCaps;
};

export type LoadedSettings = ResolvedSettings & {
  /** For people, untrusted: what was left out or lowered, a sentence each. */
  readonly notes: readonly string[];
};

/** The settings of a commit. Throws `settings-invalid`, which names every problem of the first wrong file. */
export async function loadSettings(checkout: Checkout, input: SettingsInput): Promise<LoadedSettings> {
  const file =
    input.repository === undefined
      ? await repositorySettings((path) => checkout.read(path))
      : input.repository;
  return combineSettings(file, input);
}

/** The repository's settings file, read with `read`; null when there is none. */
export async function repositorySettings(
  read: (path: string) => Promise<Uint8Array | null>,
): Promise<SettingsFile | null> {
  for (const where of [settingsPath, otherSettingsPath]) {
    const bytes = await read(where);
    if (bytes !== null) return { where, bytes };
  }
  return null;
}

/** All layers as one. Throws `settings-invalid`. */
export function combineSettings(repository: SettingsFile | null, input: SettingsInput): LoadedSettings {
  const notes: string[] = [];
  const layer = (name: LayerName, file: SettingsFile | null) => ({ name, values: valuesOf(file, notes) });
  const layers = [
    layer("owner", input.owner),
    layer("repository", repository),
    { name: "command", values: input.command } as const,
  ];
  const resolved = resolveSettings(layers, input.caps);
  return { ...resolved, notes: [...notes, ...resolved.clamps] };
}

function valuesOf(file: SettingsFile | null, notes: string[]): SettingsValues {
  if (file === null) return {};
  const { values, problems } = checkSettings(file.bytes);
  if (values === null) {
    const lines = problems.map((problem) => problemLine(file.where, problem));
    throw new RepairError("settings-invalid", lines.join("\n"), { data: { file: file.where, problems } });
  }
  notes.push(...problems.map((problem) => problemLine(file.where, problem)));
  return values;
}

/** `file:line:column: key message`, as compilers write it. The key and some messages hold what somebody wrote. */
export const problemLine = (where: string, { line, column, key, message }: SettingsProblem): string =>
  `${where}:${line}:${column}: ${key === "" ? "" : `${key.slice(0, 80)}: `}${message}`;
