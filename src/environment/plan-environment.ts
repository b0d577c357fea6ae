import type { EnvironmentBase, EnvironmentPlan, SetupPlan, SetupStep } from "../domain/environment.ts";
import { RepairError } from "../domain/errors.ts";
import { settingsPath, type RepoSettings } from "../domain/settings.ts";
import type { Language } from "../languages/language.ts";
import type { Checkout } from "../ports/workspace.ts";
import { cacheKeyFiles } from "./cache-key-files.ts";
import { exportLines, readDevcontainer } from "./devcontainer.ts";
import { dockerfileInputs } from "./dockerfile-inputs.ts";
import { manifestSetup } from "./manifest-setup.ts";
import { readRepoFile } from "./repo-file.ts";

/** Where a devcontainer lies when the settings name none. */
const devcontainerPaths = [".devcontainer/devcontainer.json", ".devcontainer.json"];

const defaultBase: EnvironmentBase = { kind: "image", image: null };

/** What the manifests ask for; null when there are none. */
type Detect = () => Promise<SetupPlan | null>;

type Draft = SetupPlan & { readonly base: EnvironmentBase };

/**
 * What the commands of a run need, by the first that says so: the settings' `environment`, the repository's devcontainer,
 * its manifests, else nothing. `folder` is the project's, whose own manifests count where those at the root leave it out.
 * Throws `settings-invalid` or `devcontainer-unsupported`.
 */
export async function planEnvironment(
  checkout: Checkout,
  settings: RepoSettings,
  language: Language,
  folder: string | null,
): Promise<EnvironmentPlan> {
  const detect = (): Promise<SetupPlan | null> => manifestSetup(checkout, language, folder);
  const draft =
    (await fromSettings(checkout, settings, detect)) ??
    (await fromDevcontainer(checkout, settings, detect)) ??
    (await fromManifests(detect));
  const entries = new Map((await checkout.entries()).map(({ path, blob }) => [path, blob]));
  const { activate, env, cache_key_files } = settings.environment;
  const hosts = settings.network.setup;
  const named = cacheKeyFiles(cache_key_files, [...entries.keys()]);
  const inputs = [...new Set([...draft.inputs, ...named.files])].filter((path) => entries.has(path)).sort();
  const exports = exportLines(env);
  return {
    ...draft,
    source: sourceOf(draft, named.idle),
    inputs,
    steps: draft.steps.map(({ name, script }) => ({ name, script: exports + script })),
    activate: exports + line(draft.activate) + line(activate ?? ""),
    blobs: inputs.map((path) => ({ path, blob: entries.get(path) ?? "" })),
    ...(hosts === null ? {} : { hosts }),
  };
}

/** What names nothing is probably misspelt. */
const sourceOf = ({ source }: Draft, idle: readonly string[]): string =>
  idle.length === 0
    ? source
    : `${source} (no file is named by ${idle.join(", ")} of environment.cache_key_files)`;

/** Shell that other shell can follow. */
const line = (shell: string): string => (shell === "" || shell.endsWith("\n") ? shell : `${shell}\n`);

/** Nothing has to be built: the commands run in an image as it is. */
export const needsBuild = (plan: EnvironmentPlan): boolean =>
  plan.steps.length > 0 || plan.base.kind === "dockerfile";

async function fromSettings(
  checkout: Checkout,
  { environment }: RepoSettings,
  detect: Detect,
): Promise<Draft | null> {
  const { image, dockerfile, setup } = environment;
  if (typeof environment.devcontainer === "string") return null;
  if (image === null && dockerfile === null && setup === null) return null;
  const key = dockerfile !== null ? "dockerfile" : setup !== null ? "setup" : "image";
  const named = `environment.${key} of ${settingsPath}`;
  const base = dockerfile === null ? ({ kind: "image", image } as const) : dockerfileBase(dockerfile, ".");
  return {
    source: named,
    base,
    inputs: [
      ...(await inputsOf(checkout, base, named)),
      ...(setup === null || setup.length === 0 ? [] : await inputsOfCommands(checkout, setup, detect)),
    ],
    steps: (setup ?? []).map(stepOf),
    activate: "",
  };
}

const dockerfileBase = (path: string, context: string): EnvironmentBase => ({
  kind: "dockerfile",
  path,
  context,
});

const stepOf = (command: string): SetupStep => ({
  name: (command.split("\n")[0] ?? "").slice(0, 120),
  script: `set -e\n${command}\n`,
});

/** Commands read what they name and, through package managers, the manifests. */
async function inputsOfCommands(
  checkout: Checkout,
  commands: readonly string[],
  detect: Detect,
): Promise<readonly string[]> {
  const words = new Set(
    commands
      .flatMap((command) => command.split(/[\s"'=;&|()<>]+/))
      .map((word) => word.replace(/^(\.\/)+/, "")),
  );
  const named = (await checkout.entries()).filter(({ path }) => words.has(path)).map(({ path }) => path);
  return [...named, ...((await detect())?.inputs ?? [])];
}

async function inputsOf(
  checkout: Checkout,
  base: EnvironmentBase,
  named: string,
): Promise<readonly string[]> {
  if (base.kind === "image") return [];
  const text = await readRepoFile(checkout, base.path, named);
  const paths = (await checkout.entries()).map(({ path }) => path);
  const inContext = (path: string): boolean => base.context === "." || path.startsWith(`${base.context}/`);
  if (!paths.some(inContext)) {
    throw new RepairError(
      "settings-invalid",
      `${named}: the build context ${JSON.stringify(base.context)} is no folder of the repository`,
    );
  }
  return [base.path, ...dockerfileInputs(text, base.context, paths)];
}

async function fromDevcontainer(
  checkout: Checkout,
  { environment }: RepoSettings,
  detect: Detect,
): Promise<Draft | null> {
  const wanted = environment.devcontainer;
  if (wanted === false) return null;
  const paths = new Set((await checkout.entries()).map(({ path }) => path));
  const path = wanted ?? devcontainerPaths.find((usual) => paths.has(usual));
  if (path === undefined) return null;
  const named = wanted === null ? path : `environment.devcontainer of ${settingsPath}`;
  const found = readDevcontainer(await readRepoFile(checkout, path, named), path);
  const own = [path, ...(await inputsOf(checkout, found.base, path))];
  const setup = environment.setup?.map(stepOf) ?? found.steps;
  // One that only names an image leaves the dependencies to the manifests.
  const detected = setup.length === 0 && environment.setup === null ? await detect() : null;
  return {
    source: detected === null ? path : `${path} and ${detected.source}`,
    base: found.base,
    inputs: [
      ...own,
      ...(detected?.inputs ??
        (await inputsOfCommands(
          checkout,
          setup.map(({ script }) => script),
          detect,
        ))),
    ],
    steps: (detected?.steps ?? setup).map(({ name, script }) => ({ name, script: found.activate + script })),
    activate: found.activate + (detected?.activate ?? ""),
  };
}

async function fromManifests(detect: Detect): Promise<Draft> {
  const detected = await detect();
  return detected === null
    ? { source: "the sandbox's default", base: defaultBase, inputs: [], steps: [], activate: "" }
    : { ...detected, base: defaultBase };
}
