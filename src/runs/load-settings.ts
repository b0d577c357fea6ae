import { RepairError } from "../domain/errors.ts";
import { mentionedPaths } from "../domain/mentioned-paths.ts";
import { otherSettingsPath, settingsPath, type SettingsValues } from "../domain/settings.ts";
import type { SettingsCaps } from "../domain/settings/caps.ts";
import { resolveSettings, type ResolvedSettings, type SettingsLayer } from "../domain/settings/layers.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import { chooseProject, type ProjectChoice } from "../domain/settings/projects.ts";
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
  /** Pattern of the project whose environment and tests these are; null: of the whole repository. */
  readonly project: string | null;
  /** For people, untrusted: what was left out or lowered, a sentence each. */
  readonly notes: readonly string[];
};

/** What a run is about, as far as its project is chosen by it. */
export type SettingsSubject = {
  /** The file or folder that the run keeps to. */
  readonly path?: string | undefined;
  /** Names files: what people wrote, or the files themselves. */
  readonly names: string | readonly string[];
};

/**
 * The settings of a commit, those of its project included where there is a subject. Throws `settings-invalid`, which names
 * every problem of the first wrong file.
 */
export async function loadSettings(
  checkout: Checkout,
  input: SettingsInput,
  subject: SettingsSubject | null = null,
): Promise<LoadedSettings> {
  const file =
    input.repository === undefined
      ? await repositorySettings((path) => checkout.read(path))
      : input.repository;
  const loaded = combineSettings(file, input);
  const { projects } = loaded.settings;
  if (subject === null || projects.length === 0) return loaded;
  const { path = null, names } = subject;
  const files =
    typeof names === "string"
      ? mentionedPaths(
          names,
          (await checkout.entries()).map((entry) => entry.path),
        )
      : names;
  return combineSettings(file, input, chooseProject(projects, { path, files }));
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

/** All layers as one, that of the chosen project among them. Throws `settings-invalid`. */
export function combineSettings(
  repository: SettingsFile | null,
  input: SettingsInput,
  choice: ProjectChoice = { kind: "whole" },
): LoadedSettings {
  const notes: string[] = [];
  const layer = (name: LayerName, file: SettingsFile | null) => ({ name, values: valuesOf(file, notes) });
  const layers = [layer("owner", input.owner), layer("repository", repository)];
  const chosen = projectOf(layers, choice);
  const command = { name: "command", values: input.command } as const;
  const resolved = resolveSettings([...layers, ...(chosen?.layers ?? []), command], input.caps);
  return {
    ...resolved,
    project: chosen?.path ?? null,
    notes: [...notes, ...resolved.clamps, ...projectNotes(chosen?.path ?? null, choice)],
  };
}

/** The project as the layer of whoever says it: lists are not mixed, so the strongest says all of them. */
function projectOf(layers: readonly SettingsLayer[], choice: ProjectChoice) {
  const says = layers.findLast(({ values }) => values.projects !== undefined);
  const project = choice.kind === "one" ? says?.values.projects?.[choice.at] : undefined;
  if (says === undefined || project === undefined) return null;
  const { path, environment = {}, tests = {} } = project;
  return { path, layers: [{ name: says.name, values: { environment, tests } }] };
}

/** Where a run works in a part of the repository, or could have, people must know it. */
function projectNotes(path: string | null, choice: ProjectChoice): readonly string[] {
  if (choice.kind === "several")
    return [
      "projects: the files that are named belong to several, so what holds for the whole repository was used",
    ];
  if (choice.kind === "whole" || path === null) return [];
  const because = choice.because === "path" ? "`path=` names it" : "only files of it are named";
  return [`projects: environment and tests are those of ${path}, since ${because}`];
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
