import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SampleOutcome } from "../../src/ports/inference-client.ts";
import { createSimulatedClient } from "../../src/simulator/client.ts";
import { createScaledTimeline } from "../../src/simulator/clock/scaled-timeline.ts";
import { createVirtualClock } from "../../src/simulator/clock/virtual-clock.ts";
import { h100Bf16, h100Fp8, type EngineParameters } from "../../src/simulator/engine/parameters.ts";
import type { ServerFault } from "../../src/simulator/script/faults.ts";
import { scriptOfReplies } from "../../src/simulator/script/recorded.ts";
import { scriptOfRules, type Rule } from "../../src/simulator/script/rules.ts";
import type { RoleModels } from "../../src/simulator/replicas.ts";
import { createSimulation } from "../../src/simulator/simulation.ts";
import { inferenceClientContract } from "../contracts/inference-client.ts";
import { sampleRequest } from "../fakes/sample-requests.ts";

const models: RoleModels = { "loc-gen": ["m"], "val-assert": ["m"], "val-no-assert": ["m"] };
const { signal } = new AbortController();

inferenceClientContract("the simulated client", async (replies) => {
  const timeline = createScaledTimeline(0.01);
  const script = scriptOfReplies(replies, "x-copatcher-sample");
  const simulation = createSimulation({ timeline, script, models: { m: { engine: h100Bf16 } } });
  return {
    client: createSimulatedClient({ simulation, models }),
    stop: async () => timeline.stop(),
  };
});

function virtualWorld(rules: readonly Rule[], engine: EngineParameters = h100Bf16) {
  const clock = createVirtualClock(0);
  const simulation = createSimulation({
    timeline: clock,
    script: scriptOfRules(rules),
    models: { m: { engine } },
  });
  return { clock, simulation, client: createSimulatedClient({ simulation, models }) };
}
const answer: readonly Rule[] = [
  { match: {}, choices: [{ text: "yes", tokens: { mean: 900, sigma: 0.5, cap: 2_000 } }] },
];

test("gives sixty samples of one prompt in the time of one batch, with the prompt computed once", async () => {
  const { clock, client, simulation } = virtualWorld(answer, h100Fp8);
  const messages = [{ role: "user" as const, content: "the issue ".repeat(2_400) }];

  const outcomes = await clock.run(() =>
    Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        client.sample(sampleRequest({ index, seed: index, messages }), signal),
      ),
    ),
  );

  expect(outcomes.every(({ kind }) => kind === "completed")).toBe(true);
  expect(simulation.engine("m")?.counters().prefillTokens).toBeLessThan(7_500 + 60 * 16);
  expect(clock.now()).toBeGreaterThan(20_000);
  expect(clock.now()).toBeLessThan(90_000);
});

test("reports usage and duration that agree with the journal", async () => {
  const { clock, client, simulation } = virtualWorld(answer);

  const outcome = await clock.run(() => client.sample(sampleRequest(), signal));

  const [entry] = simulation.journal.entries();
  const [choice] = entry?.choices ?? [];
  expect(entry).toMatchObject({ sample: "localize-files/0/0", model: "m", n: 1, rejected: null });
  expect(outcome).toMatchObject({
    completion: {
      text: "yes",
      usage: { prompt: entry?.promptTokens, completion: choice?.generatedTokens, estimated: false },
      milliseconds: choice?.endedAt,
    },
  });
});

test("frees the engine when a sample is cancelled", async () => {
  const { clock, client, simulation } = virtualWorld(answer);
  const controller = new AbortController();

  const end = clock.run(async () => {
    const asked = client.sample(sampleRequest(), controller.signal);
    asked.catch(() => undefined);
    await clock.sleep(500);
    controller.abort();
    return asked;
  });

  await expect(end).rejects.toMatchObject({ code: "cancelled" });
  expect(clock.now()).toBe(500);
  expect(simulation.engine("m")?.counters()).toMatchObject({ running: 0, kvUsage: 0 });
});

test("is loud when no rule fits", async () => {
  const { clock, client } = virtualWorld([]);

  await expect(clock.run(() => client.sample(sampleRequest(), signal))).rejects.toMatchObject({
    code: "inference-misconfigured",
    message: expect.stringContaining("unscripted"),
  });
});

describe("outcomes", () => {
  const outcomeOf = async (fault: ServerFault): Promise<SampleOutcome> => {
    const rules = answer.map((rule) => ({ ...rule, faults: [{ fault }] }));
    const { clock, client } = virtualWorld(rules);
    return clock.run(() => client.sample(sampleRequest(), signal));
  };

  test.each([
    [{ kind: "reset" }, "transport"],
    [{ kind: "stall", chunks: 1 }, "deadline"],
    [{ kind: "bad-json", chunks: 0 }, "protocol"],
    [{ kind: "overload", status: 503 }, "overload"],
    [{ kind: "overflow" }, "overflow"],
    [{ kind: "huge", bytes: 9 }, "too-long"],
  ] as const)("of %j are failures: %s", async (fault, reason) => {
    expect(await outcomeOf(fault)).toMatchObject({ kind: "failed", failure: { reason } });
  });

  test.each([
    [{ kind: "token-loop" }, { finish: "length", text: expect.stringContaining("tick tock tick") as string }],
    [{ kind: "cut-in-reasoning" }, { finish: "length", text: "" }],
    [{ kind: "empty" }, { finish: "stop", text: "" }],
  ] as const)("of %j are answers all the same", async (fault, completion) => {
    expect(await outcomeOf(fault)).toMatchObject({ kind: "completed", completion });
  });

  test("of a prompt that does not fit is an overflow", async () => {
    const { clock, client } = virtualWorld(answer);
    const messages = [{ role: "user" as const, content: "x".repeat(110_000) }];

    expect(await clock.run(() => client.sample(sampleRequest({ messages }), signal))).toMatchObject({
      failure: { reason: "overflow" },
    });
  });

  test("survive a restart of the server by asking again", async () => {
    const { clock, client, simulation } = virtualWorld(answer);
    const outcome = await clock.run(() => {
      clock.at(300, () => {
        simulation.engine("m")?.crash();
        return "woke";
      });
      return client.sample(sampleRequest(), signal);
    });

    expect(outcome.kind).toBe("completed");
    expect(simulation.journal.entries().map(({ choices }) => choices[0]?.reason)).toEqual([
      "crashed",
      "finished",
    ]);
  });
});

describe("samples that are asked for together", () => {
  const manyOf = (indices: readonly number[]) =>
    indices.map((index) => sampleRequest({ index, seed: 7_000 + index }));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  test("go in requests of twelve neighbours and say what single ones say", async () => {
    const together = virtualWorld(answer);
    const alone = virtualWorld(answer);

    const outcomes = await together.clock.run(() =>
      Promise.all(together.client.sampleMany(manyOf(upTo(30)), signal)),
    );
    const single = await alone.clock.run(() =>
      Promise.all(manyOf(upTo(30)).map((request) => alone.client.sample(request, signal))),
    );

    expect(together.simulation.journal.entries().map(({ n }) => n)).toEqual([12, 12, 6]);
    expect(outcomes.map(usageOf)).toEqual(single.map(usageOf));
  });

  test("go in requests of their own where their seeds are no neighbours", async () => {
    const { clock, client, simulation } = virtualWorld(answer);

    await clock.run(() => Promise.all(client.sampleMany(manyOf([0, 1, 5, 6, 7]), signal)));

    expect(simulation.journal.entries().map(({ n }) => n)).toEqual([2, 3]);
  });

  test("are each told when their own answer ends", async () => {
    const { clock, client, simulation } = virtualWorld(answer);

    const ends = await clock.run(() =>
      Promise.all(
        client.sampleMany(manyOf(upTo(5)), signal).map(async (outcome) => {
          await outcome;
          return clock.now();
        }),
      ),
    );

    const choices = simulation.journal.entries().flatMap((entry) => entry.choices);
    expect(new Set(ends).size).toBeGreaterThan(1);
    expect(ends).toEqual(choices.toSorted((a, b) => a.choice - b.choice).map(({ endedAt }) => endedAt));
  });

  test("survive a restart of their server, each by a request of its own", async () => {
    const { clock, client, simulation } = virtualWorld(answer);

    const outcomes = await clock.run(() => {
      clock.at(300, () => {
        simulation.engine("m")?.crash();
        return "woke";
      });
      return Promise.all(client.sampleMany(manyOf(upTo(3)), signal));
    });

    expect(outcomes.map(({ kind }) => kind)).toEqual(["completed", "completed", "completed"]);
    expect(simulation.journal.entries().map(({ n }) => n)).toEqual([3, 1, 1, 1]);
  });
});

const usageOf = (outcome: SampleOutcome) => outcome.kind === "completed" && outcome.completion.usage;

describe("replicas", () => {
  const replicated = () => {
    const clock = createVirtualClock(0);
    const simulation = createSimulation({
      timeline: clock,
      script: scriptOfRules(answer),
      models: { a: { engine: h100Bf16 }, b: { engine: h100Bf16 } },
    });
    const both: RoleModels = { "loc-gen": ["a", "b"], "val-assert": ["a"], "val-no-assert": ["b"] };
    return { clock, simulation, client: createSimulatedClient({ simulation, models: both, groupSize: 4 }) };
  };

  test("share the samples of a question by what each has under way", async () => {
    const { clock, client, simulation } = replicated();
    const requests = Array.from({ length: 12 }, (_, index) => sampleRequest({ index, seed: index }));

    await clock.run(() => Promise.all(client.sampleMany(requests, signal)));

    expect(simulation.journal.entries().map(({ model }) => model)).toEqual(["a", "b", "a"]);
  });

  test("go on with the conversations that they hold", async () => {
    const { clock, client, simulation } = replicated();

    await clock.run(async () => {
      const busy = client.sample(sampleRequest({ stage: "generate", index: 0 }), signal);
      await client.sample(sampleRequest({ stage: "generate", index: 1, maxTokens: 64 }), signal);
      const continues = "generate/0/0";
      await client.sample(sampleRequest({ stage: "critique", index: 0, continues }), signal);
      await busy;
    });

    expect(simulation.journal.entries().map(({ sample, model }) => `${sample} on ${model}`)).toEqual([
      "generate/0/0 on a",
      "generate/1/0 on b",
      "critique/0/0 on a",
    ]);
  });
});

test("writes the same journal for the same seed, whatever else the process does meanwhile", async () => {
  const journal = async (turns: readonly number[]) => {
    const { clock, client, simulation } = virtualWorld(answer);
    await clock.run(() =>
      Promise.all(
        turns.map(async (extraTurns, index) => {
          await clock.sleep(index * 40);
          for (let turn = 0; turn < extraTurns; turn += 1)
            await new Promise((resolve) => setImmediate(resolve));
          await client.sample(sampleRequest({ index, seed: index }), signal);
          return client.sample(sampleRequest({ index, attempt: 1, seed: 100 + index }), signal);
        }),
      ),
    );
    return simulation.journal.entries();
  };
  const plain = await journal([0, 0, 0, 0, 0]);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }), async (turns) => {
      expect(await journal(turns)).toEqual(plain);
    }),
    { numRuns: 10 },
  );
});
