import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeJsonLines } from "../../../src/cli/json-lines.ts";
import type { RecordEvent } from "../../../src/domain/record/event.ts";
import { readPullRequests } from "../../../src/eval/cli/outcomes-file.ts";
import { choice, feedback, heard } from "../../domain/calibration/recorded.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-outcomes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const head = { copatcher: "data", version: 1, scope: {} };
const run = (id: string, pull_request: number | null) => ({
  table: "run",
  row: { id, repository: "acme/calc", pull_request, at: "proposed" },
});
const event = (run_id: string, one: RecordEvent) => ({
  table: "record_event",
  row: { id: "x", run_id, kind: one.kind, event: JSON.stringify(one) },
});

async function written(name: string, values: readonly unknown[]): Promise<string> {
  const file = join(folder, name);
  await writeJsonLines(file, async (write) => {
    for (const value of values) await write(value);
  });
  return file;
}

test("a pull request has the records of all runs that worked on it, and runs without one are left out", async () => {
  const [opened, merged] = feedback(heard.opened("01"), heard.merged("02"));
  if (opened === undefined || merged === undefined) throw new Error("two things were heard");
  const file = await written("a.jsonl.gz", [
    head,
    run("r1", 7),
    ...choice().map((one) => event("r1", one)),
    { table: "record_blob", row: { hash: "h", text: "a long text" } },
    run("r2", null),
    run("r3", 7),
    event("r3", opened),
    event("r3", merged),
  ]);

  expect(await readPullRequests(file)).toEqual([
    { repository: "acme/calc", number: 7, events: [...choice(), opened, merged] },
  ]);
});

test.each([
  ["another file", [{ hello: 1 }], /it is no file of `copatcher data export`/],
  ["an empty one", [], /it is empty/],
  ["a run of no repository", [head, { table: "run", row: { id: "r", pull_request: 1 } }], /row\.repository/],
  [
    "an event of another version",
    [head, { table: "record_event", row: { run_id: "r", event: '{"kind":"new"}' } }],
    /kind/,
  ],
])("refuses %s", async (_, values, message) => {
  const file = await written("bad.jsonl", values);

  await expect(readPullRequests(file)).rejects.toMatchObject({
    code: "evaluation-invalid",
    message: expect.stringMatching(message),
  });
});

test("says when there is no such file, or no JSON in it", async () => {
  await writeFile(join(folder, "text.jsonl"), "hello\n");

  await expect(readPullRequests(join(folder, "none.jsonl"))).rejects.toMatchObject({ code: "usage" });
  await expect(readPullRequests(join(folder, "text.jsonl"))).rejects.toMatchObject({ code: "usage" });
});
