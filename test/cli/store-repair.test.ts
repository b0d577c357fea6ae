import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RepairResult } from "../../src/domain/evidence.ts";
import { storeRepair } from "../../src/cli/store-repair.ts";
import { makeRepository } from "../fixtures/make-repository.ts";
import { evidence, issue, proposed } from "../report/fixtures.ts";

test("a repair that proposes nothing leaves no earlier patch in its folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-out-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const repository = await makeRepository();
  onTestFinished(() => rm(repository.directory, { recursive: true }));
  const store = (result: RepairResult) =>
    storeRepair(folder, {
      runId: "run-1",
      repository: repository.directory,
      issue,
      result,
      seconds: 1,
      recordings: null,
    });

  await store(proposed());
  expect(await readdir(folder)).toContain("patch.diff");
  await store({ kind: "declined", reason: "no-candidate", explanation: "", evidence });

  expect(await readdir(folder)).toEqual(["report.json"]);
});
