import { expect, test } from "vitest";
import { readCase } from "../../../src/eval/suite/case.ts";
import { readHarnessReport } from "../../../src/eval/suite/harness-report.ts";
import { predictionLines } from "../../../src/eval/suite/predictions.ts";
import { readResultSet, suiteHash } from "../../../src/eval/suite/result-set.ts";
import { caseFile } from "./fixtures.ts";

const cases = ["a-1", "b-2", "c-3", "d-4"].map((instance) =>
  readCase(JSON.stringify({ ...caseFile(), instance_id: instance }), `${instance}.json`),
);

/** The harness's report in the form of its reporting.py. */
const report = (change: object = {}): string =>
  JSON.stringify({
    total_instances: 500,
    submitted_instances: 4,
    completed_ids: ["a-1", "b-2"],
    incomplete_ids: ["z-9"],
    submitted_ids: ["a-1", "b-2", "c-3", "d-4"],
    resolved_ids: ["a-1"],
    unresolved_ids: ["b-2"],
    empty_patch_ids: ["c-3"],
    error_ids: ["d-4"],
    schema_version: 2,
    ...change,
  });

const read = (text: string) => readHarnessReport(text, "r.json", "ours", cases);

test("counts empty patches and broken runs as unresolved, and names the latter", () => {
  const { results, errors } = read(report());

  expect(results.rows.map(({ instance, resolved }) => [instance, resolved])).toEqual([
    ["a-1", true],
    ["b-2", false],
    ["c-3", false],
    ["d-4", false],
  ]);
  expect(errors).toEqual(["d-4"]);
  expect(results.suite).toBe(suiteHash(cases));
  expect(readResultSet(JSON.stringify(results), "x.json")).toEqual(results);
});

test.each([
  [report({ submitted_ids: ["a-1", "b-2", "c-3"], error_ids: [] }), /r\.json: d-4 was not submitted/],
  [
    report({ submitted_ids: ["a-1", "b-2", "c-3", "d-4", "e-5"], unresolved_ids: ["b-2", "e-5"] }),
    /e-5 is none of/,
  ],
  [report({ unresolved_ids: ["a-1", "b-2"] }), /a-1 ended in two ways/],
  [report({ error_ids: [] }), /d-4 was submitted and has no end/],
  [report({ schema_version: 1 }), /schema_version/],
  ["[]", /r\.json: /],
])("refuses %s", (text, why) => {
  expect(() => read(text)).toThrow(why);
});

test("writes predictions a line each, whatever a patch holds", () => {
  const text = predictionLines("m", [
    { instance: "a-1", patch: "--- a\n+++ b\u2028\n" },
    { instance: "b-2", patch: null },
  ]);

  expect(text.split("\n").map((line) => (line === "" ? null : (JSON.parse(line) as unknown)))).toEqual([
    { instance_id: "a-1", model_name_or_path: "m", model_patch: "--- a\n+++ b\u2028\n" },
    { instance_id: "b-2", model_name_or_path: "m", model_patch: "" },
    null,
  ]);
});
