import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { profiles } from "../../../src/domain/settings.ts";
import { findTable } from "../../../src/eval/cli/read-tables.ts";
import { reproductionStore } from "../../../src/eval/cli/reproduce-store.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { suiteHash } from "../../../src/eval/suite/result-set.ts";
import { caseFile } from "../suite/fixtures.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-reproduce-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const one = readCase(JSON.stringify(caseFile()), "case");

async function openStore() {
  const table = await findTable("C-T1");
  const [arm] = table.arms;
  if (arm === undefined) throw new Error("the table has an arm");
  return { arm, store: reproductionStore(folder, table) };
}

test("a result that was kept for another form of the case is refused", async () => {
  const { arm, store } = await openStore();
  const result = {
    schema: 1,
    instance: one.instance,
    hash: suiteHash([one]),
    profile: profiles.paper,
    critique: false,
    feedbackTurns: 0,
    grade: null,
    patch: null,
    end: "no-candidate",
    seconds: 1,
    tokens: 1,
    spent: null,
    missing: 0,
    models: {},
    localized: null,
    turns: null,
  } as const;

  expect(await store.result(arm, one)).toBeNull();
  await store.keepResult(arm, result);
  expect(await store.result(arm, one)).toEqual(result);
  await store.keepResult(arm, { ...result, hash: "0".repeat(64) });
  await expect(store.result(arm, one)).rejects.toThrow("the case has changed since");
});

test("arms share a case's answers, unless they are of other models and their names may not tell", async () => {
  const folderOf = async (id: string, name: string) => {
    const table = await findTable(id);
    const arm = table.arms.find((one) => one.name === name);
    if (arm === undefined) throw new Error(`${id} has no arm ${name}`);
    return reproductionStore("work", table).steps(arm, "a-1");
  };

  expect(await folderOf("C-F5b", "K-1")).toBe(await folderOf("C-T3", "budget-0"));
  expect(await folderOf("F-4.1", "run-0")).toBe(await folderOf("F-4.1", "run-1"));
  expect(await folderOf("F-T5.1", "think")).not.toBe(await folderOf("F-T5.1", "no-think"));
});

test("an arm of which nothing is stored cannot be replayed", async () => {
  const { arm, store } = await openStore();

  await expect(store.models(arm)).rejects.toThrow("no transcripts of arm paper are stored");
});

test("a table that cannot be run says what it needs", async () => {
  await expect(findTable("F-T5.8")).rejects.toThrow("It needs: SWE-agent");
  await expect(findTable("C-T99")).rejects.toThrow("--list names them");
});
