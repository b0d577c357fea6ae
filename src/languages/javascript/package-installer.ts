import { z } from "zod";
import type { SetupStep } from "../../domain/environment.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { parseJson } from "../result-lines.ts";
import { quote } from "../shell.ts";
import type { Manifest } from "./package-manifest.ts";

export type Installer = { readonly source: string; readonly steps: readonly SetupStep[] };

/** Browsers are of no use without a network, and some installers take minutes to fetch them. */
const quiet = `cd "$COPATCHER_ENV" || exit
export npm_config_cache="$COPATCHER_ENV/.cache/npm" YARN_CACHE_FOLDER="$COPATCHER_ENV/.cache/yarn" XDG_CACHE_HOME="$COPATCHER_ENV/.cache" XDG_DATA_HOME="$COPATCHER_ENV/.cache/data"
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_engine_strict=false
export npm_config_fetch_retry_mintimeout=2000 npm_config_fetch_retry_maxtimeout=10000
export PUPPETEER_SKIP_DOWNLOAD=1 PUPPETEER_SKIP_CHROMIUM_DOWNLOAD=1 CYPRESS_INSTALL_BINARY=0 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 HUSKY=0 CI=true
`;

/**
 * How the locked packages are installed: npm, pnpm or yarn, whichever has a lock file; npm without one otherwise. Scripts of
 * packages do not run while they are installed, and those of the repository never: they build, or set up git hooks. Only
 * locked npm packages that say that they have an install script are built afterwards, and may fail: most such scripts
 * fetch what a package can do without.
 */
export async function chooseInstaller(
  checkout: Checkout,
  manifest: Manifest,
  paths: readonly string[],
): Promise<Installer> {
  const wanted = /^(npm|pnpm|yarn)@(\d+\.\d+\.\d+)\b/.exec(manifest.packageManager);
  const versionOf = (name: string): string | null => (wanted?.[1] === name ? (wanted[2] ?? null) : null);
  for (const lock of ["package-lock.json", "npm-shrinkwrap.json"]) {
    if (paths.includes(lock)) return npmInstaller(lock, parseJson(await textOf(checkout, lock)));
  }
  if (paths.includes("pnpm-lock.yaml")) {
    return pnpmInstaller(versionOf("pnpm") ?? pnpmFor(await textOf(checkout, "pnpm-lock.yaml")));
  }
  if (paths.includes("yarn.lock")) {
    const classic = (await textOf(checkout, "yarn.lock")).includes("# yarn lockfile v1");
    return classic ? classicYarn : modernYarn(paths, versionOf("yarn"));
  }
  return { source: "package.json", steps: [step("npm install", npmInstall)] };
}

const step = (name: string, script: string): SetupStep => ({ name, script: `${quiet}${script}\n` });

/** Old trees have peers that today's npm does not accept, and locks that it does not read. */
const npmInstall =
  "npm install --ignore-scripts --include=dev || npm install --ignore-scripts --include=dev --legacy-peer-deps";

const Lock = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().default(false) })).default({}),
});

function npmInstaller(source: string, lock: unknown): Installer {
  const install = step(
    "npm ci",
    `npm ci --ignore-scripts --include=dev || npm ci --ignore-scripts --include=dev --legacy-peer-deps || { ${npmInstall}; }`,
  );
  const locked = Lock.safeParse(lock);
  const built = !locked.success
    ? []
    : Object.entries(locked.data.packages)
        .filter(([path, { hasInstallScript }]) => hasInstallScript && path.includes("node_modules/"))
        .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
        .filter((name) => /^(@[\w.-]+\/)?[\w.-]+$/.test(name) && !name.startsWith("-"));
  const names = [...new Set(built)].toSorted();
  if (names.length === 0) return { source, steps: [install] };
  const rebuild = names.map(
    (name) => `npm rebuild ${quote(name)} || echo ${quote(`${name} is not built`)} >&2`,
  );
  return { source, steps: [install, step("npm rebuild", rebuild.join("\n"))] };
}

/** The oldest pnpm that reads the lock file's version. */
function pnpmFor(lock: string): string {
  const version = Number(/^lockfileVersion:\s*'?(\d+)/m.exec(lock)?.[1] ?? "9");
  return version >= 9 ? "9" : version >= 6 ? "8" : "7";
}

const pnpmInstaller = (version: string): Installer => ({
  source: "pnpm-lock.yaml",
  steps: [
    step(
      "pnpm install",
      `npx --yes pnpm@${version} install --frozen-lockfile --ignore-scripts --prod=false --store-dir "$COPATCHER_ENV/.cache/pnpm" --package-import-method copy`,
    ),
  ],
});

const classicYarn: Installer = {
  source: "yarn.lock",
  steps: [
    step(
      "yarn install",
      "npx --yes yarn@1.22.22 install --frozen-lockfile --ignore-scripts --ignore-engines --non-interactive --production=false",
    ),
  ],
};

/** Plug'n'Play would need its loader in every process; the same packages go into node_modules. */
function modernYarn(paths: readonly string[], version: string | null): Installer {
  const release = paths.find((path) => /^\.yarn\/releases\/[\w.-]+\.c?js$/.test(path));
  const yarn =
    release === undefined ? `npx --yes @yarnpkg/cli-dist@${version ?? "4"}` : `node ${quote(release)}`;
  const variables =
    "YARN_NODE_LINKER=node-modules YARN_ENABLE_SCRIPTS=0 YARN_ENABLE_GLOBAL_CACHE=0 YARN_ENABLE_IMMUTABLE_INSTALLS=0 YARN_ENABLE_TELEMETRY=0 YARN_NM_MODE=classic";
  return { source: "yarn.lock", steps: [step("yarn install", `export ${variables}\n${yarn} install`)] };
}

const textOf = async (checkout: Checkout, path: string): Promise<string> =>
  Buffer.from((await checkout.read(path)) ?? []).toString("utf8");
