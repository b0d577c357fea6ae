import { posix } from "node:path";
import type { Room } from "./import-table.ts";
import type { Analysis } from "./source-file.ts";

/** Of `eval` only its commands touch the machine. */
const evalCommands = new Set(["cli", "main"]);

/** `src/adapters/docker/sandbox.ts` lies in `adapters/docker`, `src/cli.ts` and `src/cli/repair.ts` in `cli`. */
export function roomOf(path: string): string {
  const [, first = "", second = ""] = path.split("/");
  const room = first.replace(/\.ts$/, "");
  if (room === "eval" && evalCommands.has(second.replace(/\.ts$/, ""))) return "eval/cli";
  return room === "adapters" ? `adapters/${second.replace(/\.ts$/, "")}` : room;
}

/** Every import that the table does not allow, as `file:line: what is wrong`. */
export function forbiddenImports(
  files: readonly Analysis[],
  table: Readonly<Record<string, Room>>,
): readonly string[] {
  return files.flatMap((file) => {
    const name = roomOf(file.path);
    const room = table[name];
    if (room === undefined) return [`${file.path}: ${name} has no row in the import table`];
    return file.imports.flatMap(({ name: specifier, line, typeOnly }) => {
      const problem = isRelative(specifier)
        ? relativeProblem(name, room, resolve(file.path, specifier))
        : packageProblem(room, specifier, typeOnly);
      return problem === null ? [] : [`${file.path}:${line}: ${name} must not import ${problem}`];
    });
  });
}

function relativeProblem(from: string, room: Room, target: string): string | null {
  if (!target.startsWith("src/")) return target;
  const to = roomOf(target);
  if (room.never?.includes(target)) return target;
  if (to === from || room.rooms.includes(to)) return null;
  const wildcard = to.startsWith("adapters/") ? "adapters" : "*";
  return room.rooms.includes(wildcard) ? null : target;
}

function packageProblem(room: Room, specifier: string, typeOnly: boolean): string | null {
  const name = packageOf(specifier);
  const builtin = name.startsWith("node:") && room.packages.includes("node:*");
  if (!builtin && !room.packages.includes(name) && !room.packages.includes("*")) return specifier;
  if (room.typesOnly?.includes(name) && !typeOnly) return `${specifier} as a value (its types only)`;
  return null;
}

/** One line per import cycle, type imports included, written as a path from its first file to itself. */
export function importCycles(files: readonly Analysis[]): readonly string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter(({ name }) => isRelative(name)).map(({ name }) => resolve(file.path, name)),
    ]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || finished.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

const isRelative = (specifier: string) => specifier.startsWith(".");

const resolve = (from: string, specifier: string) => posix.join(posix.dirname(from), specifier);

const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
