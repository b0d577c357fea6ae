import type { SetupPlan, SetupStep } from "../../domain/environment.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { z } from "zod";
import { isTestModule } from "./paths.ts";
import { iniKeys, readPyproject, readText, readToml, type Pyproject } from "./setup-files.ts";
import {
  groupRequirements,
  groupsForTests,
  lockedVersions,
  lockFiles,
  poetryRequirements,
  requirementsFiles,
  toxDependencies,
} from "./setup-requirements.ts";
import {
  activateVenv,
  editableStep,
  installStep,
  keepTreeFiles,
  makeVenv,
  pytestStep,
} from "./setup-scripts.ts";

/** Files at the root whose content decides what is installed. */
const manifests = ["pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "Pipfile", ...lockFiles];

/**
 * A virtual environment with what the repository's manifests ask for: requirements files, the project itself in place
 * with its extras for tests, dependency groups, Pipfile, and tox's dependencies. Null when there is no manifest.
 */
export async function planPythonSetup(checkout: Checkout): Promise<SetupPlan | null> {
  const pyproject = await readPyproject(checkout);
  const [setupPy, setupCfg, tox] = await Promise.all(
    ["setup.py", "setup.cfg", "tox.ini"].map((path) => readText(checkout, path)),
  );
  const toxDeps = toxDependencies(tox ?? "");
  const requirements = await requirementsFiles(checkout, toxDeps.files);
  const editable = isInstallable(pyproject, setupPy ?? null, setupCfg ?? null);
  const more = [
    ...(pyproject === null ? [] : groupRequirements(pyproject, editable)),
    ...(await pipfileRequirements(checkout)),
    ...toxDeps.requirements,
  ];
  if (requirements.files.length === 0 && !editable && more.length === 0) return null;

  const locked = await lockedVersions(checkout);
  const extras = editable ? extrasOf(pyproject, setupPy ?? "", setupCfg ?? "") : [];
  const steps: SetupStep[] = [
    makeVenv,
    ...requirements.files.map((path) => installStep(`pip install -r ${path}`, ["-r", path], [])),
    ...(more.length === 0 ? [] : [installStep(`pip install ${shown(more)}`, more, locked)]),
    ...(editable ? [editableStep(extras, buildRequirements(pyproject))] : []),
    ...((await usesPytest(checkout)) ? [pytestStep] : []),
    keepTreeFiles,
  ];
  const present = new Set((await checkout.entries()).map(({ path }) => path));
  const inputs = [...manifests.filter((path) => present.has(path)), ...requirements.inputs];
  const compiled = editable && buildsExtensions(pyproject, setupPy ?? "") ? extensionSources(present) : [];
  return {
    source: [...new Set([...requirements.files, ...manifests.filter((path) => present.has(path))])].join(
      ", ",
    ),
    inputs: [...new Set([...inputs, ...compiled])],
    steps,
    activate: activateVenv,
  };
}

const shown = (requirements: readonly string[]): string => {
  const line = requirements.join(" ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};

/** Whether `pip install -e .` has something to install; a pyproject.toml may hold tools' settings only. */
function isInstallable(
  pyproject: Pyproject | null,
  setupPy: string | null,
  setupCfg: string | null,
): boolean {
  if (pyproject?.tool.poetry?.["package-mode"] === false) return false;
  if (setupPy !== null || /^\[metadata\]/m.test(setupCfg ?? "")) return true;
  return (
    pyproject?.["build-system"] !== undefined && (pyproject.project ?? pyproject.tool.poetry) !== undefined
  );
}

function extrasOf(pyproject: Pyproject | null, setupPy: string, setupCfg: string): readonly string[] {
  const named = [
    ...Object.keys(pyproject?.project?.["optional-dependencies"] ?? {}),
    ...Object.keys(pyproject?.tool.poetry?.extras ?? {}),
    ...iniKeys(setupCfg, "options.extras_require"),
    ...(setupPy.includes("extras_require")
      ? [...setupPy.matchAll(/["']([\w.-]+)["']\s*:/g)].map(([, name]) => name ?? "")
      : []),
  ];
  return [...groupsForTests([...new Set(named)])].sort();
}

/** What backends ask for beyond `requires` when they build in place, which pip installs only in isolation. */
const backendExtras: ReadonlyArray<readonly [RegExp, readonly string[]]> = [
  [/hatchling|pdm/, ["editables"]],
  [/mesonpy|scikit_build/, ["meson", "ninja", "cmake"]],
];

function buildRequirements(pyproject: Pyproject | null): readonly string[] {
  const system = pyproject?.["build-system"];
  const requires = (system?.requires ?? []).filter((name) => /^[A-Za-z0-9]/.test(name));
  const backend = system?.["build-backend"] ?? "setuptools";
  const extra = backendExtras.flatMap(([pattern, names]) => (pattern.test(backend) ? names : []));
  return [
    ...(requires.length === 0 ? ["setuptools"] : requires),
    ...(backend.startsWith("setuptools") ? ["wheel"] : []),
    ...extra,
  ];
}

const buildsExtensions = (pyproject: Pyproject | null, setupPy: string): boolean =>
  /ext_modules|Extension\(|cythonize|cffi_modules|rust_extensions/.test(setupPy) ||
  /mesonpy|scikit_build|maturin|setuptools_rust/.test(pyproject?.["build-system"]?.["build-backend"] ?? "");

/** A candidate that changes these runs old machine code unless it is built again. */
const extensionSources = (paths: ReadonlySet<string>): readonly string[] =>
  [...paths].filter((path) =>
    /\.(c|cc|cpp|cxx|h|hpp|pyx|pxd|pxi|rs|f90)$|(^|\/)(meson\.build|CMakeLists\.txt|Cargo\.(toml|lock))$/.test(
      path,
    ),
  );

const Pipfile = z.object({
  packages: z.record(z.string(), z.unknown()).default({}),
  "dev-packages": z.record(z.string(), z.unknown()).default({}),
});

async function pipfileRequirements(checkout: Checkout): Promise<readonly string[]> {
  const pipfile = await readToml(checkout, "Pipfile", Pipfile);
  return pipfile === null ? [] : [pipfile.packages, pipfile["dev-packages"]].flatMap(poetryRequirements);
}

const maxRead = 30;

/** Whether tests are pytest's, by what the test plan will look at too. */
async function usesPytest(checkout: Checkout): Promise<boolean> {
  const paths = (await checkout.entries()).map(({ path }) => path);
  if (paths.some((path) => /(^|\/)conftest\.py$|^\.?pytest\.(ini|toml)$/.test(path))) return true;
  const settings = await checkout.search(["[tool.pytest", "[tool:pytest]", "[pytest]"]);
  if (settings.some((path) => manifests.includes(path))) return true;
  for (const path of paths.filter(isTestModule).slice(0, maxRead)) {
    const source = (await readText(checkout, path)) ?? "";
    if (/^[ \t]*(import|from) pytest\b|^(async )?def test_|^class Test\w*:/m.test(source)) return true;
  }
  return false;
}
