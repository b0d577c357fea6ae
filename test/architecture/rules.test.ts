import { describe, expect, test } from "vitest";
import { bannedUses, bans, barrels, emptyNames, tooLong } from "./house-rules.ts";
import { forbiddenImports, importCycles } from "./import-rules.ts";
import { importTable } from "./import-table.ts";
import { analyse } from "./source-file.ts";

const one = (path: string, text: string) => [analyse({ path, text })];
const imports = (path: string, text: string) => forbiddenImports(one(path, text), importTable);
const banned = (path: string, text: string) => bannedUses(one(path, text), bans);

describe("the import table refuses", () => {
  test.each([
    [
      "a stage that reaches the forge",
      "src/pipeline/rank.ts",
      'import type { Forge } from "../ports/forge.ts";',
    ],
    [
      "a stage that reaches the queue",
      "src/pipeline/rank.ts",
      'import type { Q } from "../ports/job-queue.ts";',
    ],
    [
      "a stage that reaches the store",
      "src/pipeline/rank.ts",
      'import type { S } from "../ports/run-store.ts";',
    ],
    ["a domain file that reads files", "src/domain/edit.ts", 'import { readFileSync } from "node:fs";'],
    ["a domain file that knows a port", "src/domain/edit.ts", 'export type { C } from "../ports/clock.ts";'],
    ["one adapter that imports another", "src/adapters/docker/a.ts", 'import { b } from "../git/b.ts";'],
    ["an adapter with a foreign vendor", "src/adapters/git/a.ts", 'import Docker from "dockerode";'],
    ["an adapter imported beside wire", "src/demo/main.ts", 'await import("../adapters/git/workspace.ts");'],
    ["the same from the command line", "src/cli.ts", 'import { x } from "./adapters/git/workspace.ts";'],
    ["a type import of a package", "src/report/a.ts", 'type T = import("zod").ZodType;'],
    ["a value where types are allowed", "src/ports/journal.ts", 'import { z } from "zod";'],
    ["a builtin without its prefix", "src/cli/repair.ts", 'import { join } from "path";'],
    ["a computed module", "src/runs/a.ts", "const name = 'x'; await import(name);"],
    ["a path out of src", "src/runs/a.ts", 'import { fake } from "../../test/fakes/clock.ts";'],
    ["a room without a row", "src/managers/a.ts", "export const a = 1;"],
  ])("%s", (_, path, text) => {
    expect(imports(path, text)).toHaveLength(1);
  });

  test.each([
    ["a stage with its ports", "src/pipeline/rank.ts", 'import type { Clock } from "../ports/clock.ts";'],
    ["a folder below a room", "src/languages/python/a.ts", 'import type { L } from "../language.ts";'],
    [
      "an adapter with its vendor's subpath",
      "src/adapters/postgres/a.ts",
      'import "@electric-sql/pglite/x";',
    ],
    ["wire with adapters", "src/wire/tools.ts", 'import { x } from "../adapters/git/workspace.ts";'],
    ["an import written in a string", "src/domain/a.ts", `export const s = 'import x from "node:fs"';`],
  ])("but not %s", (_, path, text) => {
    expect(imports(path, text)).toEqual([]);
  });
});

test("a cycle is shown as the way around it, type imports included", () => {
  const files = [
    ...one("src/domain/a.ts", 'import type { B } from "./b.ts";'),
    ...one("src/domain/b.ts", 'export { c } from "./c.ts";'),
    ...one("src/domain/c.ts", 'import { a } from "./a.ts";'),
    ...one("src/domain/d.ts", 'import { a } from "./a.ts";'),
  ];

  expect(importCycles(files)).toEqual([
    "src/domain/a.ts -> src/domain/b.ts -> src/domain/c.ts -> src/domain/a.ts",
  ]);
  expect(importCycles(files.slice(1))).toEqual([]);
});

describe("the house rules refuse", () => {
  test.each([
    ["an index file", "src/domain/index.ts", "export const a = 1;"],
    ["a file of re-exports", "src/domain/all.ts", 'export { a } from "./a.ts";'],
    ["a star export", "src/domain/all.ts", 'export * from "./a.ts"; export const b = 1;'],
  ])("a barrel: %s", (_, path, text) => {
    expect(barrels(one(path, text))).toHaveLength(1);
  });

  test.each([
    "src/utils.ts",
    "src/runs/helpers.ts",
    "test/common/a.ts",
    "src/domain/types.ts",
    "a/constants.mjs",
  ])("the name %s", (path) => {
    expect(emptyNames([{ path, text: "" }])).toHaveLength(1);
  });

  test("a file of 301 lines but not one of 300", () => {
    const lines = (count: number) => [{ path: "src/a.py", text: "x\n".repeat(count) }];

    expect(tooLong(lines(301))).toEqual(["src/a.py: 301 lines, 300 at most"]);
    expect(tooLong(lines(300))).toEqual([]);
  });

  test.each([
    ["the environment in a stage", "src/pipeline/a.ts", "export const a = process.env.A;"],
    ["the environment by its string name", "src/wire/base.ts", 'export const a = process["env"];'],
    ["the environment through globalThis", "src/wire/base.ts", "export const a = globalThis.process.env;"],
    ["the environment by destructuring", "src/main.ts", "const { env } = process; export { env };"],
    ["the environment by import", "src/main.ts", 'import { env } from "node:process"; export { env };'],
    ["the console", "src/runs/a.ts", 'console.log("a");'],
    ["the wall clock", "src/domain/a.ts", "export const a = Date.now();"],
    ["a new date of now", "src/pipeline/a.ts", "export const a = new Date();"],
    ["chance", "src/pipeline/a.ts", "export const a = Math.random();"],
    [
      "chance by import",
      "src/domain/a.ts",
      'import { randomUUID } from "node:crypto"; export { randomUUID };',
    ],
    ["a mocked module", "test/runs/a.test.ts", 'vi.mock("../src/a.ts");'],
    ["a double cast", "src/runs/a.ts", "export const a = (b: string) => b as unknown as number;"],
  ])("%s", (_, path, text) => {
    expect(banned(path, text)).toHaveLength(1);
  });

  test.each([
    ["the environment in config.ts", "src/config.ts", "export const a = process.env.A;"],
    ["the environment that the demo hands on", "src/demo/main.ts", "export const a = { ...process.env };"],
    ["the console of the command line", "src/cli/repair.ts", 'console.log("a");'],
    ["the console of cli.ts", "src/cli.ts", 'console.log("a");'],
    ["time in the worker", "src/worker/worker.ts", "export const a = Date.now();"],
    ["a given date", "src/domain/a.ts", "export const a = new Date(0);"],
    ["a banned word in a string", "src/domain/a.ts", 'export const a = "process.env Date.now()";'],
  ])("but not %s", (_, path, text) => {
    expect(banned(path, text)).toEqual([]);
  });
});
