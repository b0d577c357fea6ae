import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Report } from "../../../src/eval/report/report.ts";
import { lastLine, runSource, type SourceRun } from "../../fixtures/run-source.ts";
import { editAnswer, once } from "../../fixtures/model-answers.ts";
import { faultyLine, faultyPath, rightEdit, smallReplies } from "../../fixtures/small-project.ts";
import { caseFile } from "../suite/fixtures.ts";
import { makeCaseFolder, rightPatch } from "./case-folder.ts";

let place: Awaited<ReturnType<typeof makeCaseFolder>>;
let first: SourceRun;
const file = (name: string): string => join(place.folder, name);
const evaluate = (...args: readonly string[]): Promise<SourceRun> =>
  runSource("src/eval/main.ts", ["reproduce", ...args, "--json"], {
    env: {
      COPATCHER_SANDBOX: "process",
      COPATCHER_TRUST_REPOSITORIES: "demo",
      COPATCHER_DATA_DIR: file("data"),
      EVAL_REPOS: place.repos,
    },
  });
const curve = (...more: readonly string[]): Promise<SourceRun> =>
  evaluate("C-F5b", place.cases, "--arm=K-1,K-10", `--resume=${place.work}`, ...more);

beforeAll(async () => {
  place = await makeCaseFolder();
  await mkdir(file("answers"));
  await writeFile(file("answers/calc-1.json"), JSON.stringify(smallReplies()));
  first = await curve(`--replies=${file("answers")}`);
}, 90_000);
afterAll(() => rm(place.folder, { recursive: true, force: true }));

const measuresOf = (run: SourceRun) => {
  const { arms } = Report.parse(lastLine(run));
  return arms.map(({ name, measures }) => [name, Object.fromEntries(measures.map((m) => [m.name, m.value]))]);
};

test("runs the arms, says first what they may ask, and writes their predictions", async () => {
  const lines = await readFile(join(place.work, "C-F5b", "K-10.predictions.jsonl"), "utf8");

  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toMatch(
    /^C-F5b: 2 arms on 1 cases.*\n {2}K-1: 5 localizations, 1 candidates, .*\n {2}K-10/,
  );
  expect(measuresOf(first)).toMatchObject([
    ["K-1", { resolved: null, validated: 1, "all files localized": 1, "all lines localized": 1 }],
    ["K-10", { resolved: null, validated: 1 }],
  ]);
  expect(JSON.parse(lines)).toEqual({
    instance_id: "calc-1",
    model_name_or_path: "copatcher-C-F5b-K-10",
    model_patch: rightPatch,
  });
});

test("what is finished is kept, and the harness's word is printed beside the paper's", async () => {
  const ids = { submitted_ids: ["calc-1"], resolved_ids: ["calc-1"], unresolved_ids: [] };
  const none = { empty_patch_ids: [], error_ids: [] };
  await writeFile(file("report.json"), JSON.stringify({ schema_version: 2, ...ids, ...none }));

  const again = await curve(`--replies=${file("nowhere")}`, `--graded=K-10=${file("report.json")}`);

  expect(again.stderr).toContain("K-1, calc-1: validated, kept");
  expect(measuresOf(again)).toMatchObject([
    ["K-1", { resolved: null }],
    ["K-10", { resolved: 1 }],
  ]);
}, 60_000);

test("the stored answers are judged anew, without a model and without what was kept", async () => {
  const arm = ["--arm=K-1", `--resume=${place.work}`, "--replay"];
  const replayed = await evaluate("C-F5b", place.cases, ...arm);

  expect(replayed.stderr).toMatch(/K-1, calc-1: validated, \d+ s/);
  expect(measuresOf(replayed)).toMatchObject([["K-1", { validated: 1 }]]);
  expect(Report.parse(lastLine(replayed)).notes.join(" ")).toMatch(/K-1: [1-9]\d* answers were not stored/);
}, 60_000);

test("a table of turns is decided by the case's own tests, without the harness", async () => {
  const name = "tests/test_core.py::test_two";
  const command = `python3 -c 'from calc.core import add
print("= short test summary info =")
print("PASSED" if add(2, 2) == 4 else "FAILED", "${name}")'`;
  await place.write({
    test_patch: "",
    FAIL_TO_PASS: [name],
    PASS_TO_PASS: [],
    run: { ...caseFile().run, parser: "pytest", test_command: command },
  });
  const wrong = editAnswer(faultyPath, faultyLine, "    return a * b + 1");
  const replies = smallReplies({ generate: [once(wrong)], feedback: [once(rightEdit)] });
  await writeFile(file("answers/calc-1.json"), JSON.stringify(replies));

  const turns = await evaluate(
    "F-T5.1",
    place.cases,
    "--arm=no-think",
    `--resume=${place.work}`,
    `--replies=${file("answers")}`,
  );

  expect(turns.stderr).toContain("no-think: functions that are shown; at most 5 model calls a case");
  expect(turns.stderr).toContain("no-think, calc-1: solved at turn 2");
  expect(measuresOf(turns)).toMatchObject([
    ["no-think", { "solved within 1 turn": 0, "solved within 5 turns": 1, "exact match": 1 }],
  ]);
}, 60_000);
