import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepLabels } from "../../../src/eval/cli/keep-labels.ts";
import { findClone } from "../../../src/eval/cli/find-clone.ts";
import { keepPicks, readPicks } from "../../../src/eval/cli/picks.ts";
import { readPocReplies } from "../../../src/eval/cli/poc-replies.ts";
import { readCases } from "../../../src/eval/cli/read-cases.ts";
import { writeWhole } from "../../../src/eval/cli/write-whole.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { caseFile, pooled } from "../suite/fixtures.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-eval-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const caseOf = (pool: readonly object[]) => readCase(JSON.stringify({ ...caseFile(), pool }), "a.json");
const put = (name: string, value: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(value));

test("reads a folder's cases by name, or those that are asked for, and nothing else", async () => {
  await put("b.json", { ...caseFile(), instance_id: "b" });
  await put("a.json", { ...caseFile(), instance_id: "a" });
  await writeFile(join(folder, "README.md"), "not a case");

  expect((await readCases(folder, null)).map(({ instance }) => instance)).toEqual(["a", "b"]);
  expect((await readCases(folder, ["b"])).map(({ instance }) => instance)).toEqual(["b"]);
  await expect(readCases(folder, ["c"])).rejects.toMatchObject({ code: "usage" });
  await expect(readCases(join(folder, "gone"), null)).rejects.toMatchObject({ code: "usage" });
});

test("refuses an empty fail-to-pass list by file and field", async () => {
  await put("a.json", { ...caseFile(), FAIL_TO_PASS: [] });

  await expect(readCases(folder, null)).rejects.toMatchObject({
    code: "evaluation-invalid",
    message: expect.stringMatching(/a\.json: FAIL_TO_PASS: is empty/),
  });
});

test("refuses labels that say otherwise than those that were kept, and keeps these", async () => {
  await keepLabels(folder, caseOf([pooled("a", true), pooled("b", null)]));
  const changed = keepLabels(folder, caseOf([{ ...pooled("a", false) }, pooled("b", false)]));

  await expect(changed).rejects.toMatchObject({
    code: "evaluation-invalid",
    message: "labels of django-1: patch a: resolved before, unresolved on the re-run",
  });
  expect(JSON.parse(await readFile(join(folder, "django-1", "labels.json"), "utf8"))).toEqual({ a: true });
});

test("a file that cannot be written leaves nothing behind", async () => {
  await writeFile(join(folder, "file"), "");

  await expect(writeWhole(join(folder, "file", "report.html"), "text")).rejects.toMatchObject({
    code: "usage",
  });
  expect(await readdir(folder)).toEqual(["file"]);
});

test("finds a clone where the cases' README says it may lie", async () => {
  await writeWhole(join(folder, "acme+one", "repo", "HEAD"), "");
  await writeWhole(join(folder, "two", "HEAD"), "");

  expect(await findClone(folder, "acme/one")).toBe(join(folder, "acme+one", "repo"));
  expect(await findClone(folder, "acme/two")).toBe(join(folder, "two"));
  expect(await findClone(folder, "acme/three")).toBeNull();
});

test("uses printing scripts only where a judge was recorded", async () => {
  const chains = [{ attempts: ["script"] }];
  const stored = { origin: "by hand", "val-assert": chains, "val-no-assert": chains };
  const rule = { when: ["output"], reply: { text: "<judgement>yes</judgement>" } };
  await put("plain.json", stored);
  await put("judged.json", { ...stored, judges: { "judge-poc": [rule] } });
  await put("broken.json", { ...stored, "val-assert": [{ attempts: [] }] });

  const plain = await readPocReplies(folder, "plain");
  expect(Object.keys(plain.replies.replies)).toEqual(["poc-asserting"]);
  expect(plain.unused).toMatch(/^1 printing PoCs are not used/);
  const judged = await readPocReplies(folder, "judged");
  expect(Object.keys(judged.replies.replies)).toEqual(["poc-asserting", "poc-printing"]);
  expect(judged.unused).toBeNull();
  expect((await readPocReplies(folder, "gone")).unused).toBe("no PoC was recorded");
  await expect(readPocReplies(folder, "broken")).rejects.toMatchObject({ code: "evaluation-invalid" });
});

test("keeps each arm's picks, also where it picked nothing", async () => {
  const one = caseOf([pooled("a", true)]);
  const picks = (name: string, pick: string | null) => ({
    name,
    paper: new Map(),
    choose: () => ({ pick, end: "picked" as const }),
  });
  await keepPicks(folder, [one], [picks("some", "a"), picks("none", null)]);

  expect(await readPicks(folder, "some")).toEqual([
    { arm: "some", instance: "django-1", patch: one.pool[0]?.patch },
  ]);
  expect(await readPicks(folder, "none")).toMatchObject([{ patch: null }]);
  await expect(readPicks(folder, "other")).rejects.toMatchObject({ message: /no arm other, but some, none/ });
});
