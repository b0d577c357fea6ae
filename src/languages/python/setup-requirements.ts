import { z } from "zod";
import type { Checkout } from "../../ports/workspace.ts";
import { iniValues, readText, readToml, type Pyproject } from "./setup-files.ts";

/** Groups and extras that hold what tests need: those named after tests, where there are none those for development. */
export function groupsForTests(names: readonly string[]): readonly string[] {
  const tests = names.filter((name) => /^(tests?|testing|unit[-_]?tests?)$/i.test(name));
  return tests.length > 0 ? tests : names.filter((name) => /^(dev|develop|development|ci)$/i.test(name));
}

/** A requirements file that tests need: the plain one, a base, or one for tests or development. */
const isRequirements = (path: string): boolean =>
  /^(requirements(\/|[-_.])?)(|base|main|common|core|requirements)\.txt$/i.test(path) ||
  /^(requirements[-_./])?(([^/]*[-_.])?(tests?|testing|dev|develop|development|ci))([-_.]requirements)?\.txt$/i.test(
    path,
  ) ||
  /^(tests?\/requirements|requirements\/requirements)([-_](tests?|dev))?\.txt$/i.test(path);

const maxRequirementsFiles = 6;

export type Requirements = {
  /** Requirement files, in the order in which they are installed. */
  readonly files: readonly string[];
  /** The same and what they include. */
  readonly inputs: readonly string[];
};

export async function requirementsFiles(checkout: Checkout, more: readonly string[]): Promise<Requirements> {
  const paths = (await checkout.entries()).filter(({ kind }) => kind === "file").map(({ path }) => path);
  const named = paths.filter((path) => /requirements/i.test(path) && isRequirements(path));
  const files = [...new Set([...named.sort(shortestFirst).slice(0, maxRequirementsFiles), ...more])];
  const inputs = new Set<string>();
  // what a file names is visited after it, and once
  const wanted = new Set(files);
  for (const path of wanted) {
    if (inputs.size >= 50) break;
    const text = await readText(checkout, path);
    if (text === null) continue;
    inputs.add(path);
    for (const [, included = ""] of text.matchAll(
      /^[ \t]*(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/gm,
    )) {
      wanted.add(joined(path, included));
    }
  }
  return { files: files.filter((path) => inputs.has(path)), inputs: [...inputs] };
}

const shortestFirst = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** A path relative to another file's folder; one that leaves the tree names no file of it. */
function joined(from: string, relative: string): string {
  const segments = from.split("/").slice(0, -1);
  for (const segment of relative.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}

/** A requirement that pip takes as one argument and not for an option. */
const isRequirement = (text: string): boolean => /^[A-Za-z0-9]/.test(text) && text.length < 500;

/** Requirements of the groups that tests need (PEP 735, PDM, Poetry), and of a project that is not installed itself. */
export function groupRequirements(pyproject: Pyproject, installed: boolean): readonly string[] {
  const { poetry, pdm } = pyproject.tool;
  const groups = pyproject["dependency-groups"];
  const wanted = groupsForTests(Object.keys(groups)).flatMap((name) => membersOf(groups, name, []));
  const ofPdm = valuesForTests(pdm?.["dev-dependencies"] ?? {}).flat();
  const ofPoetry = [
    poetry?.["dev-dependencies"] ?? {},
    ...valuesForTests(poetry?.group ?? {}).map((group) => group.dependencies),
    ...(installed ? [] : [poetry?.dependencies ?? {}]),
  ].flatMap(poetryRequirements);
  const { project } = pyproject;
  const own = installed
    ? []
    : [...(project?.dependencies ?? []), ...valuesForTests(project?.["optional-dependencies"] ?? {}).flat()];
  return [...new Set([...own, ...wanted, ...ofPdm, ...ofPoetry])].filter(isRequirement);
}

function valuesForTests<T>(groups: Readonly<Record<string, T>>): readonly T[] {
  const wanted = groupsForTests(Object.keys(groups));
  return Object.entries(groups).flatMap(([name, value]) => (wanted.includes(name) ? [value] : []));
}

const Include = z.object({ "include-group": z.string() });

function membersOf(
  groups: Pyproject["dependency-groups"],
  name: string,
  above: readonly string[],
): readonly string[] {
  if (above.includes(name)) return [];
  return (groups[name] ?? []).flatMap((member) => {
    if (typeof member === "string") return [member];
    const include = Include.safeParse(member);
    return include.success ? membersOf(groups, include.data["include-group"], [...above, name]) : [];
  });
}

const PoetryTable = z.object({
  version: z.string().optional(),
  extras: z.array(z.string()).default([]),
  optional: z.boolean().default(false),
});

/** Poetry's (and Pipenv's) dependencies as pip's: `^1.2` is `>=1.2,<2`; paths and git addresses are left out. */
export const poetryRequirements = (dependencies: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(dependencies).flatMap(([name, value]) => {
    const table = PoetryTable.safeParse(typeof value === "string" ? { version: value } : value).data;
    if (name === "python" || table === undefined || table.optional || table.version === undefined) return [];
    const extras = table.extras.length === 0 ? "" : `[${table.extras.join(",")}]`;
    return [`${name}${extras}${pipVersion(table.version)}`];
  });

function pipVersion(version: string): string {
  const parts = version.split(",").map((part) => part.trim());
  return parts
    .map((part) => {
      const [, mark = "", number = ""] = /^(\^|~)?\s*(\d[\d.]*)/.exec(part) ?? [];
      if (part === "*" || part === "") return "";
      if (mark !== "") return `>=${number},<${nextVersion(number, mark)}`;
      return /^\d/.test(part) ? `==${part}` : part;
    })
    .filter((part) => part !== "")
    .join(",");
}

/** The first version that `^` or `~` excludes: the first non-zero number goes up, or the second one after `~`. */
function nextVersion(version: string, mark: string): string {
  const numbers = version.split(".").map(Number);
  const first = numbers.findIndex((number) => number > 0);
  const at = mark === "~" ? Math.min(1, numbers.length - 1) : first === -1 ? numbers.length - 1 : first;
  return [...numbers.slice(0, at), (numbers[at] ?? 0) + 1].join(".");
}

/** Without a pattern that begins with white space of any length: on a long gap that takes quadratic time. */
function withoutComment(line: string): string {
  const at = line.search(/\s#/);
  return at === -1 ? line : line.slice(0, at).trimEnd();
}

/** tox.ini's dependencies: files to install and requirements. Lines for some environments only are left out. */
export function toxDependencies(text: string): {
  readonly files: readonly string[];
  readonly requirements: readonly string[];
} {
  const lines = iniValues(text, "testenv", "deps")
    .map((line) => withoutComment(line.replaceAll("{toxinidir}/", "")))
    .filter((line) => !line.includes("{"));
  const files = lines.flatMap((line) => /^-r\s*(\S+)$/.exec(line)?.[1] ?? []);
  const requirements = lines.filter((line) => isRequirement(line) && !/^[\w!,.-]+:\s/.test(line));
  return { files, requirements };
}

const Lock = z.object({
  package: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().optional(),
        source: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
});
const PipfileLock = z.record(z.string(), z.record(z.string(), z.object({ version: z.string().optional() })));

export const lockFiles = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"];

/** `name==version` for each package that a lock file pins once; packages from folders and addresses are left out. */
export async function lockedVersions(checkout: Checkout): Promise<readonly string[]> {
  const versions = new Map<string, Set<string>>();
  const add = (name: string, version: string): void => {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  };
  for (const path of lockFiles.slice(0, 3)) {
    const lock = await readToml(checkout, path, Lock);
    for (const { name, version, source } of lock?.package ?? []) {
      const registry = source === undefined || "registry" in source;
      if (version !== undefined && registry) add(name, version);
    }
  }
  for (const packages of Object.values(await pipfileLock(checkout))) {
    for (const [name, { version }] of Object.entries(packages)) {
      if (version?.startsWith("==") === true) add(name, version.slice(2));
    }
  }
  return [...versions]
    .flatMap(([name, found]) => (found.size === 1 ? [`${name}==${[...found].join("")}`] : []))
    .filter((pin) => /^[\w.-]+==[\w.!+-]+$/.test(pin))
    .sort();
}

async function pipfileLock(checkout: Checkout): Promise<z.infer<typeof PipfileLock>> {
  const text = await readText(checkout, "Pipfile.lock");
  try {
    const { _meta, ...packages } = z.record(z.string(), z.unknown()).parse(JSON.parse(text ?? "{}"));
    return PipfileLock.safeParse(packages).data ?? {};
  } catch {
    return {};
  }
}
