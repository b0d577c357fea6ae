import type { ServerResponse } from "node:http";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupLimitIn, groupsOf } from "../../../src/adapters/openai/groups.ts";
import { asked, askAll, groupServer, neighbours, textOf, whole } from "./group-call.ts";
import { answer, chunkOf, events, good } from "./raw-server.ts";

/** Answers every choice that the call asks for, each with the seed it has at vLLM. */
const answersAll = (current: () => string | undefined) => (response: ServerResponse) => {
  const { n, seed } = JSON.parse(current() ?? "") as { n: number; seed: number };
  const choices = Array.from({ length: n }, (_, index) => whole(index, `seed ${seed + index}`));
  events(...choices, "[DONE]")(response);
};

async function answeringServer() {
  const bodies: { last: () => string | undefined } = { last: () => undefined };
  const { server, client } = await groupServer([answersAll(() => bodies.last())]);
  bodies.last = () => server.requests.at(-1)?.body;
  return { server, client };
}

test("asks for neighbours in one request, with the seed of the first", async () => {
  const { server, client } = await answeringServer();

  const outcomes = await askAll(client, neighbours(5));

  expect(outcomes.map(textOf)).toEqual([100, 101, 102, 103, 104].map((seed) => `seed ${seed}`));
  expect(asked(server)).toEqual([[100, 5]]);
});

test("asks for many samples in groups of at most twelve", async () => {
  const { server, client } = await answeringServer();

  const outcomes = await askAll(client, neighbours(30));

  expect(outcomes.map(textOf)).toEqual(neighbours(30).map(({ seed }) => `seed ${seed}`));
  expect(asked(server).toSorted(([a], [b]) => a - b)).toEqual([
    [100, 10],
    [110, 10],
    [120, 10],
  ]);
});

test("asks alone for samples that are no neighbours in index or seed, and for those at temperature 0", async () => {
  const { server, client } = await answeringServer();
  const [first, , third] = neighbours(3);
  if (first === undefined || third === undefined) throw new Error("three samples");

  await askAll(client, [first, third]);
  await askAll(client, neighbours(2, { seed: 5 }));
  await askAll(client, neighbours(2, { temperature: 0 }));

  expect(asked(server).map(([, n]) => n)).toEqual([1, 1, 1, 1, 1, 1]);
});

test("keeps finished answers when the stream breaks, and asks only for the missing, with their own seeds", async () => {
  const { server, client } = await groupServer([
    events(whole(1), chunkOf(0, { content: "ha" }), whole(3)),
    events(whole(0, "zero"), "[DONE]"),
    events(whole(0, "two"), "[DONE]"),
  ]);

  const outcomes = await askAll(client, neighbours(4));

  expect(new Set(outcomes.map(textOf))).toEqual(new Set(["answer 1", "answer 3", "two", "zero"]));
  expect(asked(server)).toEqual([
    [100, 4],
    [100, 1],
    [102, 1],
  ]);
});

test.each([
  ["ignores n", [whole(0, "first")], 1],
  ["numbers its choices wrongly", [whole(7, "lost"), whole(-1, "lost"), whole(0.5, "lost")], 0],
  ["gives no choice", ['{"choices": []}'], 0],
])("asks singly where a server %s, and remembers it", async (_what, given, kept) => {
  const { server, client } = await groupServer([events(...given, "[DONE]"), good]);

  const outcomes = await askAll(client, neighbours(3));
  await askAll(client, neighbours(2, { stage: "critique" }));

  expect(outcomes.filter((outcome) => textOf(outcome) === "fine")).toHaveLength(3 - kept);
  expect(asked(server).map(([, n]) => n)).toEqual([3, ...Array.from({ length: 3 - kept + 2 }, () => 1)]);
});

test("takes a second choice that is not asked for as nobody's", async () => {
  const { client } = await groupServer([events(whole(1, "stray"), whole(0, "mine"), "[DONE]")]);

  expect((await askAll(client, neighbours(1))).map(textOf)).toEqual(["mine"]);
});

test("asks for as many at a time as llama-server has slots", async () => {
  const refusal = "Field 'n': Value must be between 1 <= value <= 4, but got 9";
  const body = JSON.stringify({ error: { code: 400, message: refusal, type: "invalid_request_error" } });
  const three = events(whole(0), whole(1), whole(2), "[DONE]");
  const { server, client } = await groupServer([answer(400, body), three]);

  const outcomes = await askAll(client, neighbours(9));

  expect(outcomes.every(({ kind }) => kind === "completed")).toBe(true);
  expect(asked(server).map(([, n]) => n)).toEqual([9, 3, 3, 3]);
});

test("finds out by single calls whether a refusal is about the group", async () => {
  const { server, client } = await groupServer([answer(400, '{"error": {"message": "top_k must be 0"}}')]);

  const outcomes = await Promise.allSettled(client.sampleMany(neighbours(2), new AbortController().signal));

  expect(outcomes).toMatchObject([
    { reason: { code: "inference-misconfigured" } },
    { reason: { code: "inference-misconfigured" } },
  ]);
  expect(asked(server).map(([, n]) => n)).toEqual([2, 1, 1]);
});

test("gives up only the choice that repeats itself", async () => {
  const loop = chunkOf(0, { content: " tick tock".repeat(900) });
  const { client } = await groupServer([events(loop, whole(1), "[DONE]")]);

  expect(await askAll(client, neighbours(2))).toMatchObject([
    { failure: { reason: "too-long", detail: expect.stringContaining("tick tock") as string } },
    { completion: { text: "answer 1" } },
  ]);
});

test("asks again for the choice that the engine gave up", async () => {
  const { server, client } = await groupServer([
    events(whole(0), chunkOf(1, { content: "ha" }, "abort"), "[DONE]"),
    good,
  ]);

  expect((await askAll(client, neighbours(2))).map(textOf)).toEqual(["answer 0", "fine"]);
  expect(asked(server)).toEqual([
    [100, 2],
    [101, 1],
  ]);
});

describe("a partition into groups", () => {
  test("holds every sample once, in order, in groups of neighbours within the limit", () => {
    const indices = fc.uniqueArray(fc.nat(40), { maxLength: 30 });
    fc.assert(
      fc.property(indices, fc.integer({ min: 1, max: 20 }), (picked, limit) => {
        const all = neighbours(41);
        const members = picked.toSorted((a, b) => a - b).flatMap((index) => all[index] ?? []);
        const groups = groupsOf(
          members.map((request) => ({ request })),
          limit,
        );
        expect(groups.flat().map(({ request }) => request)).toEqual(members);
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(Math.min(limit, 12));
          const [first] = group;
          group.forEach(({ request }, at) => expect(request.index).toBe(first.request.index + at));
        }
      }),
    );
  });

  test.each([
    ["Field 'n': Value must be between 1 <= value <= 4, but got 9", 9, 4],
    ["n must be at most 8, got 12.", 12, 8],
    ["Only n=1 is supported", 3, 1],
    ["multiple choices are not supported", 3, 1],
    ["n must not exceed 0", 2, 1],
  ])("reads the limit in %j", (message, wanted, limit) => {
    expect(groupLimitIn(message, wanted)).toBe(limit);
  });
});
