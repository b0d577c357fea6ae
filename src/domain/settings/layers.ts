import { RepoSettings, type SettingsValues } from "../settings.ts";
import { applyCaps, type SettingsCaps } from "./caps.ts";
import { environmentBases } from "./environment.ts";
import type { LayerName, Origins } from "./origins.ts";

export type SettingsLayer = { readonly name: LayerName; readonly values: SettingsValues };

export type ResolvedSettings = {
  readonly settings: RepoSettings;
  readonly origins: Origins;
  /** One sentence for each value that the operator's caps lowered. */
  readonly clamps: readonly string[];
};

/**
 * The settings that hold: of each key what the last layer says that says it, then lowered to the operator's caps. Layers
 * are given weakest first. `paths.protect` and `environment.env` add up, so that no repository can take back what its
 * owner protects; an image, Dockerfile or devcontainer takes the place of any other of a weaker layer, and so does a
 * command that runs tests.
 */
export function resolveSettings(layers: readonly SettingsLayer[], caps: SettingsCaps): ResolvedSettings {
  const merged = layers.reduce<Section>((below, { values }) => overlay(below, values), {});
  const settings = RepoSettings.parse(merged);
  return applyCaps(settings, originsOf(settings, layers), caps);
}

type Section = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const addsUp = "paths.protect";
/** Of a section the keys of which a layer that says one takes back the others. */
const exclusive: Readonly<Record<string, readonly string[]>> = {
  "environment.": environmentBases,
  "tests.": ["command", "targeted"],
};
const operators: readonly RegExp[] = [
  /^(profile|critique|newer_request)$/,
  /^(limits|validation)\.(?!runs_per_issue$)/,
  /^(environment\.timeout_minutes|network\.setup)$/,
];

function overlay(below: Section, above: Section, at = ""): Section {
  const given = Object.entries(above).filter(([, value]) => value !== undefined);
  const replaced = withoutReplaced(below, above, exclusive[at] ?? []);
  const merged = given.map(([key, value]): readonly [string, unknown] => {
    const earlier = replaced[key];
    if (isSection(value)) return [key, overlay(isSection(earlier) ? earlier : {}, value, `${at}${key}.`)];
    const adds = `${at}${key}` === addsUp && Array.isArray(earlier) && Array.isArray(value);
    return [key, adds ? [...new Set([...earlier, ...value])] : value];
  });
  return Object.fromEntries([...Object.entries(replaced), ...merged]);
}

function withoutReplaced(below: Section, above: Section, keys: readonly string[]): Section {
  if (!keys.some((key) => above[key])) return below;
  return { ...below, ...Object.fromEntries(keys.map((key) => [key, null])) };
}

/** Every value below `section`, as `section.key`. */
const leaves = (section: Section, at = ""): readonly (readonly [string, unknown])[] =>
  Object.entries(section).flatMap(([key, value]) =>
    isSection(value) ? leaves(value, `${at}${key}.`) : [[`${at}${key}`, value] as const],
  );

function originsOf(settings: RepoSettings, layers: readonly SettingsLayer[]): Origins {
  const said = layers.map(({ name, values }) => ({ name, leaves: new Map(leaves(values)) }));
  const origins = leaves(settings).map(([key, value]): readonly [string, readonly LayerName[]] => {
    const sayers = said.filter(({ leaves }) => leaves.get(key) !== undefined).map(({ name }) => name);
    const left: LayerName =
      value === null && operators.some((pattern) => pattern.test(key)) ? "operator" : "built-in";
    if (sayers.length === 0) return [key, [left]];
    return [key, key === addsUp ? sayers : sayers.slice(-1)];
  });
  return Object.fromEntries(origins);
}
