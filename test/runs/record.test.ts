import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { RecordEvent } from "../../src/domain/record/event.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import type { RecordStore } from "../../src/ports/run-record.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { recordFeedback } from "../../src/runs/record-feedback.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { faultyLine, faultyPath, rightEdit, rightLine, smallReplies } from "../fixtures/small-project.ts";

type World = Awaited<ReturnType<typeof makeWorld>>;
type Kind = RecordEvent["kind"];

async function eventsOf<K extends Kind>(world: World, kind: K) {
  const events = (await world.records.events(world.run.id)).map(({ event }) => event);
  return events.filter((event): event is Extract<RecordEvent, { kind: K }> => event.kind === kind);
}

test("a run leaves what it was about, its stages, its choice, its pull request and its end", async () => {
  const world = await makeWorld();

  await world.work();

  const kinds = (await world.records.events(world.run.id)).map(({ event }) => event.kind);
  expect(kinds[0]).toBe("run");
  expect(kinds[1]).toBe("setup");
  expect(kinds.at(-1)).toBe("ended");
  const [run] = await eventsOf(world, "run");
  expect(run).toMatchObject({ repository: "octo/calc", issue: 7, trigger: { sender: "hubot" } });
  expect((await eventsOf(world, "localization")).map(({ step }) => step)).toEqual(["files", "lines"]);
  expect((await eventsOf(world, "poc")).length).toBeGreaterThan(0);
  const [ended] = await eventsOf(world, "ended");
  expect(ended?.state).toMatchObject({ at: "proposed", pullRequest: 100 });
  expect(await eventsOf(world, "pull-request-feedback")).toMatchObject([
    { pullRequest: 100, feedback: { what: "opened", headSha: "c".repeat(40) } },
  ]);
});

test("losers are kept like the winner: their patches, what was executed of them, and why they lost", async () => {
  const wrongLine = "    return a * b";
  const generate = [rightEdit, editAnswer(faultyPath, faultyLine, wrongLine), "I cannot."].map((text) =>
    once(text),
  );
  const world = await makeWorld({ replies: smallReplies({ generate }) });

  await world.work();

  const candidates = await eventsOf(world, "candidate");
  const patches = await Promise.all(candidates.map(({ patch }) => world.records.text(patch.sha256)));
  expect(patches.filter((patch) => patch?.includes(`+${wrongLine}`))).toHaveLength(1);
  expect(patches.filter((patch) => patch?.includes(`+${rightLine}`))).toHaveLength(1);
  const [selection] = await eventsOf(world, "selection");
  expect(selection?.winner).toBe(selection?.ordered[0]?.candidate);
  expect(selection?.ordered.map(({ candidate }) => candidate).sort()).toEqual(
    candidates.map(({ candidate }) => candidate).sort(),
  );
  const loser = selection?.ordered[1]?.candidate;
  const verdict = (await eventsOf(world, "verdict")).find(({ candidate }) => candidate === loser);
  expect(verdict?.pocs).toMatchObject([{ result: "still-broken" }]);
  expect(await eventsOf(world, "rejection")).toMatchObject([{ sample: "generate/2/0" }]);
  const executions = await eventsOf(world, "execution");
  const ofCandidates = executions.filter(({ what }) => what === "candidate-pocs");
  expect(ofCandidates.length).toBeGreaterThanOrEqual(2);
  expect(executions.some(({ what }) => what === "poc")).toBe(true);
  for (const { commands } of ofCandidates)
    expect(commands.every(({ script, outcome }) => script !== "" && outcome?.ended === "exited")).toBe(true);
});

test("a call is kept with its messages, its sampling and its words, and samples refer to calls", async () => {
  const world = await makeWorld();

  await world.work();

  const calls = await eventsOf(world, "call");
  const samples = new Set(calls.map(({ sample }) => sample));
  for (const candidate of await eventsOf(world, "candidate")) {
    expect(candidate.samples.filter((sample) => !samples.has(sample))).toEqual([]);
  }
  const generated = calls.find(({ stage }) => stage === "generate");
  expect(generated).toMatchObject({ prompt: { id: "generate" }, sampling: { topP: 0.95 } });
  const message = await world.records.text(generated?.messages[0]?.content.sha256 ?? "");
  expect(message).toContain("SEARCH");
  if (generated?.result.kind !== "answered") throw new Error("the sample failed");
  expect(await world.records.text(generated.result.text.sha256)).toContain("REPLACE");
});

test("failed calls are kept each time they fail, also when they end the run", async () => {
  const replies = createScriptedClient({ replies: smallReplies() });
  const overload = { kind: "failed", failure: { reason: "overload", detail: "503" } } as const;
  const inference: InferenceClient = {
    ...replies,
    sampleMany: (requests, signal) =>
      requests.map((request) =>
        request.stage === "generate" ? Promise.resolve(overload) : replies.sample(request, signal),
      ),
  };
  const world = await makeWorld({ inference });

  await world.work();

  const failed = (await eventsOf(world, "call")).filter(({ result }) => result.kind === "failed");
  expect(failed.map(({ sample, result }) => [sample, result])).toEqual([
    ["generate/0/0", { kind: "failed", reason: "overload", detail: "503" }],
  ]);
});

test("a run that is worked twice, from its journal, leaves every event once", async () => {
  const world = await makeWorld();
  const claim = await world.claim();
  const stopped = new AbortController();
  const cut = {
    ...world.deps,
    reports: { save: () => Promise.reject(stopped.abort(new Error("kill")) ?? new Error()) },
  };
  await executeRun(cut, claim, controlOf(stopped.signal)).catch(() => undefined);
  const first = await world.records.events(world.run.id);
  await world.runs.release(claim);

  await world.work();

  const all = await world.records.events(world.run.id);
  expect(first.length).toBeGreaterThan(15);
  const ofWork = (events: typeof all) =>
    events
      .filter(({ event }) => event.kind !== "ended" && event.kind !== "pull-request-feedback")
      .map(({ id }) => id);
  expect(ofWork(all)).toEqual(ofWork(first));
});

test("a record that cannot be kept costs the run nothing, and is said once", async () => {
  const broken: RecordStore = {
    append: () => Promise.reject(new RepairError("store-unavailable", "the disk is full")),
    events: () => Promise.resolve([]),
    text: () => Promise.resolve(null),
    runOfPullRequest: () => Promise.resolve(null),
    pullRequests: () => Promise.resolve([]),
  };
  const world = await makeWorld({ records: broken });

  await world.work();

  expect(await world.state()).toMatchObject({ at: "proposed" });
  const said = world.logger.lines.filter(({ data }) => data["error"] === "the disk is full");
  expect(said).toHaveLength(1);
});

test("what people do with the pull request is kept with its run, once, and scrubbed", async () => {
  const world = await makeWorld();
  await world.work();
  const repo = { owner: "octo", name: "calc" };
  const deps = { records: world.records, secrets: ["correct-horse"], clock: createFixedClock() };
  const remark = {
    id: 5,
    path: "calc.py",
    line: 3,
    side: "RIGHT" as const,
    commit: "c1",
    text: "not correct-horse",
  };
  const feedback = {
    what: "reviewed" as const,
    review: 9,
    state: "changes_requested" as const,
    text: "please",
    remarks: [remark],
    headSha: "c1",
    by: "mona",
    at: "2026-01-01T00:00:00Z",
  };

  const kept = [
    await recordFeedback(deps, { repo, number: 100, feedback }),
    await recordFeedback(deps, { repo, number: 100, feedback }),
    await recordFeedback(deps, { repo, number: 77, feedback }),
  ];

  expect(kept).toEqual([true, true, false]);
  const [opened, ...events] = await eventsOf(world, "pull-request-feedback");
  expect(opened).toMatchObject({ feedback: { what: "opened" } });
  expect(events).toMatchObject([
    { pullRequest: 100, feedback: { remarks: [{ ...remark, text: "not [redacted]" }] } },
  ]);
});
