import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RepairError } from "../../../src/domain/errors.ts";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { createFileJournal } from "../../../src/eval/cli/file-journal.ts";
import { judgePool } from "../../../src/eval/selection/judge-pool.ts";
import { exited, type Answer } from "../../fakes/fake-sandbox.ts";
import { atItsEnd } from "../../fixtures/poc-end.ts";
import { faultyPath, rightLine, faultyLine, smallProject } from "../../fixtures/small-project.ts";
import { makeStage } from "../../fixtures/stage-context.ts";

const before = smallProject[faultyPath] ?? "";
const patchTo = (after: string): string => unifiedDiff([{ path: faultyPath, before, after }]);
const pool = [
  { id: "wrong", patch: patchTo(before.replace(faultyLine, "    return a * b")) },
  { id: "right", patch: patchTo(before.replace(faultyLine, rightLine)) },
  { id: "noted", patch: patchTo(before.replace(faultyLine, `    # sum\n${rightLine}`)) },
  { id: "broken", patch: patchTo(before.replace(faultyLine, "    return (")) },
  { id: "prose", patch: "Use plus." },
];
const suite = '<testsuite><testcase classname="tests.test_core" name="test_zero" time="1"/></testsuite>';

/** The script passes with the right line only, tests pass always. */
const answer: Answer = (command, job) => {
  const isRight = job.files.some(({ content }) => content?.includes(rightLine) === true);
  if (command.input !== undefined && command.input !== "") return atItsEnd(command, exited(isRight ? 0 : 1));
  return exited(0, "", suite);
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-eval-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function judged(how: Answer = answer) {
  const stage = await makeStage({ answer: how });
  const journal = createFileJournal(join(folder, "steps"));
  const told: string[] = [];
  const found = await judgePool({ ...stage.context, journal }, pool, (done, total) =>
    told.push(`${done}/${total}`),
  );
  return { found, told, jobs: stage.sandbox.jobs.map(({ label }) => label), counts: journal.counts() };
}

test("judges each class once by every means, and rejects what the pipeline would reject", async () => {
  const { found, told } = await judged();
  const [wrong, right] = [...found.classes.values()];

  expect(found.samples.map(({ id, end }) => [id, end.kind])).toEqual([
    ["wrong", "written"],
    ["right", "written"],
    ["noted", "written"],
    ["broken", "rejected"],
    ["prose", "rejected"],
  ]);
  expect(found.suspects).toEqual([faultyPath]);
  expect(told).toEqual(["1/2", "2/2"]);
  expect(wrong?.verdicts).toMatchObject({
    "pocs-and-tests": { pocs: [{ result: "still-broken" }], tests: { because: "fails-every-poc" } },
    tests: { pocs: [], tests: { kind: "ran", regressions: [] } },
  });
  expect(right?.verdicts).toMatchObject({
    "pocs-and-tests": { pocs: [{ result: "fixed" }], tests: { kind: "ran", regressions: [] } },
    pocs: { pocs: [{ result: "fixed" }], tests: { because: "no-baseline" } },
  });
});

test("a second evaluation replays the first one's executions, and finds the same", async () => {
  const first = await judged();
  const second = await judged(() => exited(1, "this must not run"));

  expect(first.counts.executed).toBeGreaterThan(0);
  expect(second).toMatchObject({ jobs: [], counts: { executed: 0 } });
  expect(second.found).toEqual(first.found);
});

test("an evaluation that broke off goes on where it stopped", async () => {
  let left = 4;
  const broken = judged((...asked) => {
    left -= 1;
    if (left < 0) throw new RepairError("sandbox-failed", "the engine went away");
    return answer(...asked);
  });
  await expect(broken).rejects.toMatchObject({ code: "sandbox-failed" });
  const kept = (await readdir(join(folder, "steps"))).filter((name) => name.endsWith(".json"));

  const { counts } = await judged();

  expect(kept.length).toBeGreaterThan(0);
  expect(counts.replayed).toBeGreaterThanOrEqual(kept.length);
  expect(counts.executed).toBeGreaterThan(0);
});

test("never sees a label", async () => {
  const { found } = await judged();

  expect(JSON.stringify(found)).not.toContain("resolved");
});
