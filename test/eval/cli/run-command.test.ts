import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readReport, Report } from "../../../src/eval/report/report.ts";
import { lastLine, runSource, type SourceRun } from "../../fixtures/run-source.ts";
import { smallReplies } from "../../fixtures/small-project.ts";
import { caseFile } from "../suite/fixtures.ts";
import { makeCaseFolder } from "./case-folder.ts";

let place: Awaited<ReturnType<typeof makeCaseFolder>>;
let first: SourceRun;
const file = (name: string): string => join(place.folder, name);
const evaluate = (...args: readonly string[]): Promise<SourceRun> =>
  runSource("src/eval/main.ts", [...args, "--json"], {
    env: {
      COPATCHER_SANDBOX: "process",
      COPATCHER_TRUST_REPOSITORIES: "demo",
      COPATCHER_DATA_DIR: file("data"),
      EVAL_REPOS: place.repos,
    },
  });
const runArms = (...more: readonly string[]): Promise<SourceRun> =>
  evaluate("run", place.cases, `--arms=${file("own.yaml")}`, `--resume=${place.work}`, ...more);

const arms = (candidates: number): string => `
title: does a second candidate help
arms:
  - name: one
    profile: { candidates: ${candidates} }
  - name: with-review
    profile: { candidates: 2 }
    critique: true
`;
const deciding = "tests/test_core.py::test_two";
const command = `python3 -c 'from calc.core import add
print("= short test summary info =")
print("PASSED" if add(2, 3) == 5 else "FAILED", "${deciding}")'`;

beforeAll(async () => {
  place = await makeCaseFolder();
  const run = { ...caseFile().run, parser: "pytest", test_command: command };
  await place.write({ test_patch: "", FAIL_TO_PASS: [deciding], PASS_TO_PASS: [], run });
  await mkdir(file("answers"));
  await writeFile(file("answers/calc-1.json"), JSON.stringify(smallReplies()));
  await writeFile(file("own.yaml"), arms(1));
  first = await runArms(`--replies=${file("answers")}`, `--csv=${file("rows.csv")}`);
}, 90_000);
afterAll(() => rm(place.folder, { recursive: true, force: true }));

test("arms of one's own are graded by the cases' own tests and compared with the first", async () => {
  const report = Report.parse(lastLine(first));
  const resolved = report.arms.map(({ name, measures }) => [name, measures[0]?.name, measures[0]?.value]);
  const rows = (await readFile(file("rows.csv"), "utf8")).trimEnd().split("\n");

  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toMatch(/with-review: 5 localizations, 2 candidates, .*, reviews; at most/);
  expect(resolved).toEqual([
    ["one", "resolved", 1],
    ["with-review", "resolved", 1],
  ]);
  expect(report.comparisons).toMatchObject([
    { first: "one", second: "with-review", onlyFirst: 0, onlySecond: 0, answer: "not-decidable" },
  ]);
  expect(rows[0]).toMatch(/^instance,arm,resolved,end/);
  expect(rows.slice(1).map((row) => row.split(",").slice(0, 4))).toEqual([
    ["calc-1", "one", "true", "validated"],
    ["calc-1", "with-review", "true", "validated"],
  ]);
});

test("their result sets can be compared", async () => {
  const results = (arm: string): string => join(place.work, "own", `${arm}.results.json`);
  const compared = await evaluate("compare", results("one"), results("with-review"));

  expect(Report.parse(lastLine(compared)).comparisons).toMatchObject([
    { first: "one", second: "with-review" },
  ]);
}, 30_000);

test("what an arm came to is not taken for another one of its name", async () => {
  await writeFile(file("own.yaml"), arms(3));
  const changed = await runArms(`--replies=${file("answers")}`);
  await writeFile(file("own.yaml"), "arms: [{ name: a, profile: { samples: 3 } }]");
  const wrong = await runArms();
  await writeFile(file("own.yaml"), "arms: [");
  const broken = await runArms();

  expect(changed).toMatchObject({ code: 1 });
  expect(changed.stderr).toContain("the arm says something else since");
  expect(wrong.stderr).toMatch(/own\.yaml: arms\.0\.profile: Unrecognized key/);
  expect(broken.stderr).toMatch(/own\.yaml: it is not YAML/);
}, 60_000);

test("labels that the deciding tests deny are named when all is told", async () => {
  const fine = await evaluate("labels", place.cases, `--resume=${place.work}`);
  const labelled = place.pool.map((one) => (one.id === "w2" ? { ...one, resolved: true, label: null } : one));
  await place.write({
    ...(JSON.parse(await readFile(join(place.cases, "calc-1.json"), "utf8")) as object),
    pool: labelled,
  });
  const wrong = await evaluate("labels", place.cases, `--resume=${place.work}`);

  expect(lastLine(fine)).toEqual({
    cases: [{ instance: "calc-1", patches: 4, broke: [], problems: [] }],
  });
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.stderr).toContain("calc-1: patch w2: resolved before, unresolved on the re-run");
}, 60_000);

test("curves of reports over the same cases are drawn in one", async () => {
  const at = (value: number) => ({ value, unit: "share", interval: null, instances: 3, paper: null });
  const report = (hash: string, value: number) => ({
    schema: 1,
    title: "t",
    suite: { hash, instances: 3 },
    seed: 1,
    comparisons: [],
    leftOut: [],
    arms: [1, 2].map((x) => ({
      name: "ours",
      measures: [{ name: `best@${x}`, ...at(value * x), at: { curve: "best", x } }],
    })),
  });
  await writeFile(file("a.json"), JSON.stringify(report("f".repeat(64), 0.2)));
  await writeFile(file("b.json"), JSON.stringify(report("f".repeat(64), 0.3)));
  await writeFile(file("other.json"), JSON.stringify(report("0".repeat(64), 0.3)));
  const drawn = await evaluate("curve", file("a.json"), file("b.json"), `--html=${file("c.html")}`);
  const refused = await evaluate("curve", file("a.json"), file("other.json"));

  expect(readReport(JSON.stringify(lastLine(drawn)), "curve").arms.map(({ name }) => name)).toContain(
    "b: ours",
  );
  expect(await readFile(file("c.html"), "utf8")).toContain("<svg");
  expect(refused.stderr).toContain("it is about other cases than a");
}, 60_000);

test("says how many cases a difference takes, and what so many cases can show", async () => {
  const power = await evaluate("power", "--delta=5", "--disagreement=15,20", "--instances=500");
  const { rows } = lastLine(power) as { readonly rows: readonly object[] };

  // the table of the design note on learning, section 2.9
  expect(rows).toMatchObject([
    { disagreement: 15, instances: 469 },
    { disagreement: 20, instances: 626 },
  ]);
  expect((await evaluate("power", "--delta=x")).code).toBe(2);
}, 30_000);
