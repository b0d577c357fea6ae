import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeJsonLines } from "../../../src/cli/json-lines.ts";
import { readLeaders } from "../../../src/eval/cli/leaders-file.ts";
import { Report } from "../../../src/eval/report/report.ts";
import type { CaseLeaders } from "../../../src/eval/calibration/case-leaders.ts";
import { lastLine, runSource } from "../../fixtures/run-source.ts";
import { clearCases } from "../calibration/leaders.ts";

let folder: string;
const file = (name: string): string => join(folder, name);
const evaluate = (...args: readonly string[]) =>
  runSource("src/eval/main.ts", ["calibration", ...args], { env: {} });

async function keep(work: string, cases: readonly CaseLeaders[]): Promise<void> {
  for (const one of cases) {
    await mkdir(join(work, one.instance), { recursive: true });
    await writeFile(join(work, one.instance, "leaders.json"), JSON.stringify(one));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-calibration-"));
  await keep(file("some"), clearCases(3));
  await keep(file("more"), clearCases(5).slice(3));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("fits all folders' cases, says that they are too few, and writes what the pipeline reads", async () => {
  await writeJsonLines(file("acme.jsonl"), async (write) => {
    await write({ copatcher: "data", version: 1 });
    await write({ table: "run", row: { id: "r1", repository: "acme/calc", pull_request: 7 } });
  });
  const outputs = [
    `--out=${file("fitted.ts")}`,
    `--html=${file("r.html")}`,
    `--outcomes=${file("acme.jsonl")}`,
  ];
  const done = await evaluate(file("some"), file("more"), "--json", ...outputs);
  const report = Report.parse(lastLine(done));

  expect(done.code).toBe(0);
  expect(report.suite.instances).toBe(5);
  expect(report.environment).toMatchObject({
    copatcher: expect.stringMatching(/^\d+\.\d+\.\d+ \([0-9a-f]{12}(-dirty)?\)$/),
    node: process.version,
  });
  expect(report.notes[0]).toMatch(/^Not decidable: .*35 that are all right/);
  expect(report.arms.at(-1)?.name).toBe("pull requests of acme/calc");
  expect(report.leftOut).toContainEqual({
    instance: "acme/calc#7",
    why: "its run's record holds no choice",
  });
  expect(await readFile(file("fitted.ts"), "utf8")).toContain("fittedOn: { cases: 5, repositories: 1 }");
  expect(await readFile(file("r.html"), "utf8")).toContain("probability that was said");
}, 60_000);

test("refuses a case that is there twice, and a folder without one", async () => {
  await expect(readLeaders([file("some"), file("some")])).rejects.toMatchObject({
    code: "evaluation-invalid",
    message: expect.stringContaining("case-0 is there twice"),
  });
  await expect(readLeaders([folder])).rejects.toMatchObject({ code: "usage" });
});
