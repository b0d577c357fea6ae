import { expect, test } from "vitest";
import { composeFile, flagsOf, textOf } from "./recipe-files.ts";
import { workloads } from "./workloads.ts";

const [, section = ""] = textOf("docs/inference.md").split("\n## Every flag\n");
const [explained = "", leftOut = ""] = (section.split("\n## ")[0] ?? "").split("Left out on purpose:");

const firstCells = (table: string, cell: RegExp): readonly string[] =>
  [...table.matchAll(cell)].map(([, name]) => name ?? "").sort();
const flagCell = /^\| `(--[a-z0-9-]+)` /gm;
const environmentCell = /^\| `([A-Z_]+)` /gm;

const services = ["compose.yml", "deploy/compose.adapters.yml"].flatMap((file) =>
  Object.values(composeFile(file).services),
);
const common = textOf("deploy/start-engine.sh").match(/^ {2}(--[a-z0-9-]+)/gm) ?? [];
const used = new Set([
  ...services.flatMap(({ command }) => flagsOf(command)),
  ...workloads().flatMap(({ container: { args } }) => flagsOf(args)),
  ...common.map((line) => line.trim()),
]);

test("every flag of the recipes is explained, and every explained one is used", () => {
  expect(common).toHaveLength(10);
  expect(firstCells(explained, flagCell)).toEqual([...used].sort());
});

test("every explanation of a flag or variable has a source", () => {
  const rows = explained.split("\n").filter((line) => line.startsWith("| `"));

  expect(rows.filter((row) => !/\|[^|]+\|[^|]+\|[^|]+\| *[^| ][^|]*\|$/.test(row))).toEqual([]);
});

test("no flag that is left out on purpose is used", () => {
  const banned = firstCells(leftOut, flagCell);

  expect(banned).toContain("--middleware");
  expect(banned.filter((flag) => used.has(flag))).toEqual([]);
});

test("every variable of an engine is explained", () => {
  const own = new Set(["START_AFTER", "HOST", "PORT", "PRIVATE_KEY_PATH", "TMPDIR", "NGINX_ENVSUBST_FILTER"]);
  const set = [
    ...services.flatMap(({ environment }) => Object.keys(environment)),
    ...workloads().flatMap(({ container: { env } }) => env.map(({ name }) => name)),
  ].filter((name) => !own.has(name) && !/^(COPATCHER|POSTGRES)_|_REVISION$/.test(name));

  expect(firstCells(explained, environmentCell)).toEqual([...new Set(set)].sort());
});
