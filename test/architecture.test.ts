import { describe, expect, test } from "vitest";
import { bannedUses, bans, barrels, emptyNames, tooLong } from "./architecture/house-rules.ts";
import { forbiddenImports, importCycles, roomOf } from "./architecture/import-rules.ts";
import { importTable } from "./architecture/import-table.ts";
import { analyse, readSources } from "./architecture/source-file.ts";

const files = [...readSources("src"), ...readSources("test")];
const typescript = files.filter(({ path }) => path.endsWith(".ts")).map(analyse);
const source = typescript.filter(({ path }) => path.startsWith("src/"));

describe("the tree", () => {
  test("is read at all", () => {
    expect(source.map(({ path }) => roomOf(path))).toContain("domain");
  });

  test("imports only in the directions of the table", () => {
    expect(forbiddenImports(source, importTable)).toEqual([]);
  });

  test("has no import cycle", () => {
    expect(importCycles(source)).toEqual([]);
  });

  test("has no barrel", () => {
    expect(barrels(typescript)).toEqual([]);
  });

  test("has no file whose name says nothing", () => {
    expect(emptyNames(files)).toEqual([]);
  });

  test("has no file over 300 lines", () => {
    expect(tooLong(files)).toEqual([]);
  });

  test("keeps banned constructs out", () => {
    expect(bannedUses(typescript, bans)).toEqual([]);
  });
});
