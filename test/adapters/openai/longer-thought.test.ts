import { expect, test } from "vitest";
import { asked, askAll, groupServer, neighbours, textOf, usageOf, whole } from "./group-call.ts";
import { answer, chunk, chunkOf, events, good } from "./raw-server.ts";

const cut = events(
  chunk({ content: "<think>\nand then" }, "length"),
  JSON.stringify({ choices: [], ...usageOf(10, 1_000) }),
  "[DONE]",
);
const concluded = events(
  chunk({ content: "<think>hm</think>yes" }, "stop"),
  JSON.stringify({ choices: [], ...usageOf(10, 1_200) }),
  "[DONE]",
);
const question = neighbours(1, { maxTokens: 1_000 });
const bodies = (server: { readonly requests: readonly { readonly body: string }[] }) =>
  server.requests.map(({ body }) => JSON.parse(body) as { max_tokens: number; seed: number; n: number });

test("asks once more, for half as much again, when the limit was reached inside the reasoning", async () => {
  const { server, client } = await groupServer([cut, concluded]);

  const [outcome] = await askAll(client, question);

  expect(outcome).toMatchObject({
    completion: { text: "yes", finish: "stop", usage: { prompt: 20, completion: 2_200, estimated: false } },
  });
  expect(bodies(server)).toMatchObject([
    { max_tokens: 1_000, seed: 100 },
    { max_tokens: 1_500, seed: 100 },
  ]);
});

test.each([
  ["does not end its reasoning either", cut],
  ["fails", answer(400, '{"error": {"message": "no"}}')],
])("keeps the first answer when the longer one %s", async (_what, second) => {
  const { server, client } = await groupServer([cut, second]);

  const [outcome] = await askAll(client, question);

  expect(outcome).toMatchObject({ completion: { text: "", reasoning: "and then", finish: "length" } });
  expect(server.requests).toHaveLength(2);
});

test("does not ask again for an answer that was cut after its reasoning", async () => {
  const { server, client } = await groupServer([events(chunk({ content: "<think>hm</think>ye" }, "length"))]);

  expect((await askAll(client, question)).map(textOf)).toEqual(["ye"]);
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["as much as the window has room for", 1_400, [1_000, 1_374]],
  ["nothing more where it has no room", 1_020, [1_000]],
])("asks for %s", async (_what, window, limits) => {
  const { server, client } = await groupServer(
    [cut],
    {},
    {
      models: answer(200, JSON.stringify({ data: [{ id: "loc-gen", max_model_len: window }] })),
    },
  );

  await askAll(client, question);

  expect(bodies(server).map(({ max_tokens }) => max_tokens)).toEqual(limits);
});

test("asks alone for the choice of a group that did not end its reasoning", async () => {
  const { server, client } = await groupServer([
    events(whole(0), chunkOf(1, { reasoning: "and then" }, "length"), whole(2), "[DONE]"),
    good,
  ]);

  expect((await askAll(client, neighbours(3))).map(textOf)).toEqual(["answer 0", "fine", "answer 2"]);
  expect(asked(server)).toEqual([
    [100, 3],
    [101, 1],
  ]);
});

test("keeps the first answer although the rest of its group fails", async () => {
  const { server, client } = await groupServer([
    events(whole(0), chunkOf(1, { reasoning: "and then" }, "length"), chunkOf(2, { content: "half" })),
    answer(422, '{"error": {"message": "no"}}'),
  ]);

  const outcomes = await askAll(client, neighbours(3));

  expect(outcomes.map(textOf)).toEqual(["answer 0", "", "protocol"]);
  expect(asked(server).toSorted(([a], [b]) => a - b)).toEqual([
    [100, 3],
    [101, 1],
    [102, 1],
  ]);
});

test("ends with the first answer when it is cancelled while it asks once more", async () => {
  const { server, client } = await groupServer([cut, () => undefined], {
    timeouts: { headersMs: 20_000 },
  });
  const controller = new AbortController();
  const outcome = askAll(client, question, controller.signal);
  await expect.poll(() => server.requests.length).toBe(2);

  controller.abort();

  expect(await outcome).toMatchObject([{ completion: { finish: "length", text: "" } }]);
});
