import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Report } from "../../../src/eval/report/report.ts";
import { lastLine, runSource, type SourceRun } from "../../fixtures/run-source.ts";
import { makeCaseFolder, rightPatch } from "./case-folder.ts";

describe("eval selection on a case with a right patch, two wrong ones and prose", () => {
  let place: Awaited<ReturnType<typeof makeCaseFolder>>;
  let first: SourceRun;
  const file = (name: string): string => join(place.folder, name);
  const evaluate = (...args: readonly string[]): Promise<SourceRun> =>
    runSource("src/eval/main.ts", args, {
      env: {
        COPATCHER_SANDBOX: "process",
        COPATCHER_TRUST_REPOSITORIES: "demo",
        COPATCHER_DATA_DIR: file("data"),
        EVAL_REPOS: place.repos,
      },
    });
  const selection = (...more: readonly string[]): Promise<SourceRun> =>
    evaluate("selection", place.cases, `--resume=${place.work}`, ...more);

  beforeAll(async () => {
    place = await makeCaseFolder();
    first = await selection("--json", `--html=${file("r.html")}`, `--markdown=${file("r.md")}`);
  }, 90_000);
  afterAll(() => rm(place.folder, { recursive: true, force: true }));

  test("ends with the report, in which our pick is right and the most repeated one is not", () => {
    const report = Report.parse(lastLine(first));
    const best = report.arms.map(({ name, measures }) => [
      name,
      measures.find((measure) => measure.name === "best@all")?.value,
    ]);

    expect(first).toMatchObject({ code: 0 });
    expect(Object.fromEntries(best)).toEqual({
      first: 0,
      majority: 0,
      reference: 1,
      ours: 1,
      "ours-no-pocs": 0,
      "ours-no-tests": 1,
      oracle: 1,
    });
    expect(report.leftOut[0]?.why).toBe("1 printing PoCs are not used, since no judge was recorded");
  });

  test("tells how good the scripts are, and how far their word can be believed", () => {
    const { arms } = Report.parse(lastLine(first));
    const scripts = arms.find(({ name }) => name === "asserting scripts");

    expect(scripts?.measures.map(({ name, value }) => [name, value])).toEqual([
      ["scripts asked for", 1],
      ["run without a fault of their own", 1],
      ["show the issue on the base commit", 1],
      ["different programs among these", 1],
      ["call the accepted fix fixed", 1],
      ["right patches among those called fixed", 1],
      ["called fixed, of right patches", 1],
      ["called broken, of wrong patches", 1],
      ["agreement with the hidden tests", 1],
      ["agreement beyond chance (Cohen's kappa)", 1],
    ]);
  });

  test("says what it may cost before it begins, and leaves no half file", async () => {
    expect(first.stderr).toMatch(/^calc-1: 4 patches, about 16 executions, 0 stored; .*not known yet/);
    expect(await readFile(file("r.html"), "utf8")).toMatch(/<svg [\s\S]*<\/html>\n$/);
    expect(await readFile(file("r.md"), "utf8")).toContain("## ours-no-pocs");
    expect((await readdir(place.folder, { recursive: true })).filter((name) => /partial/.test(name))).toEqual(
      [],
    );
  });

  test("executes nothing again, and reports the same", async () => {
    const again = await selection("--json");

    expect(again.stderr).toMatch(/[1-9]\d* stored; [\d.]+ s each so far, so about \d+ minutes/);
    expect(again.stderr).toMatch(/calc-1: 0 steps executed, [1-9]\d* replayed/);
    expect(lastLine(again)).toEqual(lastLine(first));
  }, 60_000);

  test("gives what an arm picked as predictions of the SWE-bench harness", async () => {
    const { code } = await evaluate("predictions", place.work, `--out=${file("p.jsonl")}`, "--json");
    const lines = (await readFile(file("p.jsonl"), "utf8")).split("\n");

    expect(code).toBe(0);
    expect(lines.slice(1)).toEqual([""]);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      instance_id: "calc-1",
      model_name_or_path: "copatcher-ours",
      model_patch: rightPatch,
    });
  }, 60_000);

  test("refuses a case file with missing fields as data, and writes nothing", async () => {
    await place.write({ base_commit: undefined, pool: undefined });
    const refused = await selection("--json", `--html=${file("no.html")}`);
    await place.write();

    expect(refused.code).toBe(1);
    expect(lastLine(refused)).toMatchObject({
      error: {
        code: "evaluation-invalid",
        message: expect.stringMatching(/calc-1\.json: base_commit: .*; pool: /),
      },
    });
    await expect(stat(file("no.html"))).rejects.toThrow("ENOENT");
  }, 60_000);
});
