import { expect, test } from "vitest";
import { readCase } from "../../../src/eval/suite/case.ts";
import { pairResults, readResultSet, suiteHash, type ResultSet } from "../../../src/eval/suite/result-set.ts";
import { caseFile } from "./fixtures.ts";

const hash = "a".repeat(64);

const results = (system: string, solved: Readonly<Record<string, boolean>>, suite = hash): ResultSet => ({
  schema: 1,
  system,
  suite,
  rows: Object.entries(solved).map(([instance, resolved]) => ({ instance, repository: "r/r", resolved })),
});

test("pairs results by instance, whatever their order", () => {
  const pairs = pairResults(results("ours", { a: true, b: false }), results("theirs", { b: true, a: true }));

  expect(pairs).toEqual([
    { repository: "r/r", first: true, second: true },
    { repository: "r/r", first: false, second: true },
  ]);
});

test("refuses results over different instances and names them", () => {
  const act = () =>
    pairResults(results("ours", { a: true, b: true }), results("theirs", { a: true, c: true }));

  expect(act).toThrow(/c is missing from ours; b is missing from theirs/);
});

test("refuses results over cases that share their names only", () => {
  const act = () => pairResults(results("ours", { a: true }), results("theirs", { a: true }, "b".repeat(64)));

  expect(act).toThrow(/other commits or deciding tests/);
});

test("reads back what was written and refuses an instance that is there twice", () => {
  const set = results("ours", { a: true });
  const twice = { ...set, rows: [...set.rows, ...set.rows] };

  expect(readResultSet(JSON.stringify(set), "r.json")).toEqual(set);
  expect(() => readResultSet(JSON.stringify(twice), "r.json")).toThrow(
    /r\.json: rows: instance a is there twice/,
  );
  expect(() => readResultSet(JSON.stringify({ ...set, schema: 2 }), "r.json")).toThrow(/schema/);
});

test("names a suite by its commits and deciding tests, not by order, pools or issue texts", () => {
  const one = (change: Record<string, unknown> = {}) =>
    readCase(JSON.stringify({ ...caseFile(), ...change }), "a.json");
  const other = one({ instance_id: "django-2" });

  expect(suiteHash([one(), other])).toBe(
    suiteHash([other, one({ pool: [], PASS_TO_PASS: ["test_older", "test_old"] })]),
  );
  expect(suiteHash([one()])).not.toBe(suiteHash([one({ FAIL_TO_PASS: ["test_other"] })]));
  expect(suiteHash([one()])).not.toBe(suiteHash([one({ base_commit: "2".repeat(40) })]));
});
