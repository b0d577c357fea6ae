import { expect, test } from "vitest";
import { createModelNames } from "../../../src/adapters/openai/model-names.ts";
import { createRetryBudget } from "../../../src/adapters/openai/retry-budget.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { askAll, groupServer, neighbours, textOf, usageOf, whole } from "./group-call.ts";
import { silent } from "./local-client.ts";
import { answer, chunk, events, good } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

const lastBody = (server: RawServer): unknown => JSON.parse(server.requests.at(-1)?.body ?? "");

const longPrompt = [{ role: "user" as const, content: "if weight > limit: raise ValueError\n".repeat(800) }];

test.each([4_096, 2_048])(
  "stops the run when the server read only %i tokens of a long prompt",
  async (tokens) => {
    const { client } = await groupServer([events(chunk({ content: "yes" }, "stop", usageOf(tokens, 1)))]);

    await expect(
      client.sample(sampleRequest({ messages: longPrompt }), new AbortController().signal),
    ).rejects.toMatchObject({
      code: "inference-misconfigured",
      message: expect.stringContaining("num_ctx") as string,
    });
  },
);

test.each([
  ["a long prompt that was read", longPrompt, 7_100],
  ["a short prompt", [{ role: "user" as const, content: "word ".repeat(1_800) }], 100],
  [
    "a prompt of blanks and rules",
    [{ role: "user" as const, content: `${" ".repeat(400)}${"=".repeat(400)}\n`.repeat(30) }],
    600,
  ],
])("believes the count of %s", async (_what, messages, tokens) => {
  const { client } = await groupServer([events(chunk({ content: "yes" }, "stop", usageOf(tokens, 1)))]);

  expect(await client.sample(sampleRequest({ messages }), new AbortController().signal)).toMatchObject({
    completion: { text: "yes" },
  });
});

test("names the model that was asked for, and another one when the server changes its own", async () => {
  const warnings: unknown[] = [];
  const logger = { ...silent, warn: (fields: object) => void warnings.push(fields) };
  const said = (model: string) => events(chunk({ content: "yes" }, "stop", { model }));
  const { client } = await groupServer(
    [
      said("models/a.gguf"),
      said("models/a.gguf"),
      said("models/b\n.gguf"),
      said("models/b\n.gguf"),
      said("models/a.gguf"),
    ],
    { logger },
  );

  const models: unknown[] = [];
  for (const index of [0, 1, 2, 3, 4]) {
    const [outcome] = await askAll(client, [sampleRequest({ index })]);
    models.push(outcome?.kind === "completed" ? outcome.completion.model : outcome);
  }

  expect(models).toEqual(["loc-gen", "loc-gen", "models/b .gguf", "models/b .gguf", "loc-gen"]);
  expect(warnings).toMatchObject([{ before: "models/a.gguf", now: "models/b .gguf" }]);
});

test("remembers only some of the names that a server invents", () => {
  let warnings = 0;
  const names = createModelNames({ ...silent, warn: () => void (warnings += 1) });
  const endpoint = { baseUrl: "http://h/v1", apiKey: null, model: "m", system: null };

  for (let number = 0; number < 500; number += 1) names.of(endpoint, `name ${number}`);

  expect(warnings).toBeLessThan(20);
  expect(names.of(endpoint, "x".repeat(5_000)).length).toBeLessThan(130);
});

test("sends the priority only where the server takes it", async () => {
  const probe = (body: string) => answer(body.includes("priority") ? 400 : 200, '{"choices": [{}, {}]}');
  const without = await groupServer([good], {}, { probe });
  const taking = await groupServer([good]);

  await askAll(without.client, neighbours(1, { priority: 2 }));
  await askAll(taking.client, neighbours(1, { priority: 2 }));

  expect(lastBody(without.server)).not.toHaveProperty("priority");
  expect(lastBody(taking.server)).toHaveProperty("priority", 2);
});

test("tells routers by the header of the settings which requests share a prefix", async () => {
  const both = events(whole(0), whole(1), "[DONE]");
  const { server, client } = await groupServer([both, both, good], { affinityHeader: "x-smg-routing-key" });
  const run = "run 7\n";

  await askAll(client, neighbours(2, { run }));
  await askAll(client, neighbours(4, { run }).slice(2));
  await askAll(client, neighbours(1, { run, stage: "critique", continues: "generate/3/0" }));
  await askAll(client, neighbours(1, { run, stage: "poc-printing", attempt: 1 }));

  expect(server.requests.map(({ headers }) => headers["x-smg-routing-key"])).toEqual([
    "run%207%0A/generate/0",
    "run%207%0A/generate/2",
    "run%207%0A/generate/2",
    "run%207%0A/poc-printing/0",
  ]);
});

test("asks the same question again no oftener than the run may repeat calls", async () => {
  const { server, client } = await groupServer([events(chunk({ content: "half" }))], {
    retries: { count: 4, floor: 1 },
  });

  const outcomes = await askAll(
    client,
    [0, 2].map((index) => sampleRequest({ index })),
  );

  expect(outcomes.map(textOf)).toEqual(["transport", "transport"]);
  expect(server.requests).toHaveLength(3);
});

test("lets a run repeat a fifth of its calls, and a few in any case", () => {
  const budget = createRetryBudget(2);
  const repeated = (run: string): number =>
    Array.from({ length: 100 }, () => budget.mayRepeat(run)).filter(Boolean).length;
  for (let call = 0; call < 50; call += 1) budget.asked("large");

  expect(repeated("small")).toBe(2);
  expect(repeated("large")).toBe(10);
});
