import { expect, test } from "vitest";
import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";
import { createEngine } from "../../../src/simulator/engine/engine.ts";
import { createGpu } from "../../../src/simulator/engine/gpu.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import type { SequenceEnd } from "../../../src/simulator/engine/sequence.ts";
import { runEngine, small, type Arrival } from "./engine-run.ts";

const one: Arrival = { at: 0, group: 0, shared: 0, own: 100, outputs: [10], priority: 0, abortAfter: null };
const endsOf = async (...run: Parameters<typeof runEngine>): Promise<readonly SequenceEnd[]> =>
  (await runEngine(...run)).ends.flatMap((ends) => ends ?? []);

test("lets the answers of one request share its prompt from the first step on", async () => {
  const request = { ...one, shared: 8_000, own: 1, outputs: Array.from({ length: 12 }, () => 100) };

  const { ends, counters } = await runEngine(h100Bf16, [request]);

  expect(ends[0]?.map(({ cachedTokens }) => cachedTokens)).toEqual([
    0,
    ...Array.from({ length: 11 }, () => 8_000),
  ]);
  expect(counters.prefillTokens).toBe(8_001 + 11);
  expect(counters.steps).toBe(100);
});

test("computes each prompt again without a prefix cache", async () => {
  const request = { ...one, shared: 2_000, outputs: [5, 5, 5] };

  const { counters } = await runEngine({ ...h100Bf16, prefixCache: false }, [request]);

  expect(counters).toMatchObject({ cachedTokens: 0, prefillTokens: 3 * 2_100 });
});

test("finds a prompt again that another request computed before", async () => {
  const [first, second] = await endsOf(h100Bf16, [
    { ...one, shared: 1_600 },
    { ...one, at: 5_000, shared: 1_600 },
  ]);

  expect([first?.cachedTokens, second?.cachedTokens]).toEqual([0, 1_600]);
});

test("starts waiting requests by priority where the policy says so, by arrival where not", async () => {
  const full = { ...one, outputs: Array.from({ length: 6 }, () => 50) };
  const late = { ...one, at: 20, priority: 2 };
  const later = { ...one, at: 40, priority: 0 };
  const startedAt = async (policy: "fcfs" | "priority"): Promise<readonly number[]> =>
    (await runEngine({ ...small, kvTokens: 2_000, policy }, [full, late, later])).ends
      .slice(1)
      .map((ends) => ends?.[0]?.startedAt ?? 0);

  const [lateFcfs = 0, laterFcfs = 0] = await startedAt("fcfs");
  const [latePriority = 0, laterPriority = 0] = await startedAt("priority");

  expect(lateFcfs).toBeLessThanOrEqual(laterFcfs);
  expect(laterPriority).toBeLessThanOrEqual(latePriority);
  expect(laterPriority).toBeLessThan(laterFcfs + 1);
});

test("pushes out the least important answer when memory ends, and finishes it all the same", async () => {
  const request = { ...one, own: 60, outputs: [400] };
  const { ends, counters } = await runEngine({ ...small, policy: "priority" }, [
    { ...request, priority: 2 },
    { ...request, priority: 0 },
  ]);

  const [unimportant, important] = ends.flatMap((own) => own ?? []);
  expect(counters.preemptions).toBeGreaterThan(0);
  expect(important?.preemptions).toBe(0);
  expect(unimportant).toMatchObject({ reason: "finished", generatedTokens: 400 });
});

test("computes prompt and answer so far again for what was pushed out, and nothing else", async () => {
  const request = { ...one, own: 100, outputs: [400] };
  const { ends, counters } = await runEngine({ ...small, prefixCache: false }, [request, request]);

  const preemptions = ends.flatMap((own) => own ?? []).reduce((sum, end) => sum + end.preemptions, 0);
  expect(preemptions).toBe(1);
  // The second one was pushed out when the two filled the memory, each half of it.
  const half = small.kvTokens / 2;
  expect(counters.prefillTokens - 2 * 100).toBeGreaterThan(half - small.blockTokens);
  expect(counters.prefillTokens - 2 * 100).toBeLessThanOrEqual(half + small.blockTokens);
});

test.each([
  ["sequences", { maxQueuedSequences: 4 }],
  ["tokens", { maxQueuedTokens: 350 }],
])("rejects a request that would exceed its limit of queued %s", async (_what, limit) => {
  const { ends, counters } = await runEngine({ ...small, ...limit }, [
    { ...one, outputs: [9, 9, 9] },
    { ...one, outputs: [9, 9] },
    { ...one, at: 5_000 },
  ]);

  expect(ends.map((own) => own?.length ?? "rejected")).toEqual([3, "rejected", 1]);
  expect(counters.rejections).toBe(1);
});

test("frees the place of an aborted answer within one step", async () => {
  const clock = createVirtualClock(0);
  const engine = createEngine({ ...small, maxSequences: 1 }, clock, createGpu("one"));
  const ended: string[] = [];
  const submit = (name: string, outputTokens: number) =>
    engine.submit({
      promptTokens: 20,
      priority: 0,
      answers: [{ outputTokens, hashes: [], onEnd: ({ reason }) => void ended.push(`${name} ${reason}`) }],
    });
  const long = submit("long", 400);
  submit("next", 2);

  clock.at(100, () => {
    if ("abort" in long) long.abort();
    return "woke";
  });
  await clock.untilIdle();

  expect(ended).toEqual(["long aborted", "next finished"]);
  expect(clock.now()).toBeLessThan(160);
});

test("ends everything as crashed and forgets its cache when it crashes", async () => {
  const clock = createVirtualClock(0);
  const engine = createEngine(h100Bf16, clock, createGpu("one"));
  const ends: SequenceEnd[] = [];
  const submit = (): void => {
    const hashes = Array.from({ length: 100 }, (_, at) => at);
    const answers = [{ outputTokens: 50, hashes, onEnd: (end: SequenceEnd) => void ends.push(end) }];
    engine.submit({ promptTokens: 1_600, priority: 0, answers });
  };
  submit();
  clock.at(300, () => {
    engine.crash();
    submit();
    return "woke";
  });

  await clock.untilIdle();

  expect(ends).toMatchObject([{ reason: "crashed" }, { reason: "finished", cachedTokens: 0 }]);
});

test("takes twice as long on a GPU that two engines use, and as long as alone in GPU time", async () => {
  const clock = createVirtualClock(0);
  const gpu = createGpu("shared");
  const engines = [createEngine(h100Bf16, clock, gpu), createEngine(h100Bf16, clock, gpu)];
  for (const engine of engines) {
    engine.submit({
      promptTokens: 100,
      priority: 0,
      answers: [{ outputTokens: 50, hashes: [], onEnd: () => {} }],
    });
  }

  await clock.untilIdle();

  const { busyMs: alone } = await runEngine(h100Bf16, [{ ...one, outputs: [50] }]);
  for (const engine of engines) {
    expect(engine.counters().busyMs / alone).toBeCloseTo(2, 1);
    expect(engine.counters().gpuMs).toBeCloseTo(alone, 6);
  }
});

test("reads a shared prefix once with cascade attention", async () => {
  const request = { ...one, shared: 16_000, own: 1, outputs: Array.from({ length: 32 }, () => 200) };

  const { busyMs: plain } = await runEngine(h100Bf16, [request]);
  const { busyMs: cascade } = await runEngine({ ...h100Bf16, cascade: true }, [request]);

  expect(cascade / plain).toBeLessThan(0.6);
});

test("is slower from the moment it is slowed down", async () => {
  const clock = createVirtualClock(0);
  const engine = createEngine(h100Bf16, clock, createGpu("one"));
  engine.slowDown(3);
  engine.submit({
    promptTokens: 100,
    priority: 0,
    answers: [{ outputTokens: 10, hashes: [], onEnd: () => {} }],
  });

  await clock.untilIdle();

  const { busyMs: alone } = await runEngine(h100Bf16, [one]);
  expect(clock.now() / alone).toBeCloseTo(3, 6);
});

test.each([
  ["a request beyond its window", () => submitTo(32_000, 1_000)],
  [
    "a memory smaller than its window",
    () => createEngine({ ...small, kvTokens: 100 }, createVirtualClock(0), createGpu("g")),
  ],
])("refuses %s", (_what, act) => {
  expect(act).toThrow(expect.objectContaining({ code: "usage" }));
});

function submitTo(promptTokens: number, outputTokens: number): void {
  const engine = createEngine(h100Bf16, createVirtualClock(0), createGpu("one"));
  engine.submit({ promptTokens, priority: 0, answers: [{ outputTokens, hashes: [], onEnd: () => {} }] });
}
