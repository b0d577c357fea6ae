import { expect, test } from "vitest";
import { chat, eventsOf, serve } from "./simulator-call.ts";

const path = "/v1/chat/completions";
const rules = [{ match: {}, choices: [{ text: "word ".repeat(3_000) }] }];

const isSleeping = async (url: string): Promise<unknown> => (await fetch(`${url}/is_sleeping`)).json();

test("ends a stream as aborted when the server is put to sleep, and lets later calls wait", async () => {
  const { post, simulator } = await serve({ rules, timeScale: 0.2, reportsCached: true });
  const stream = await post(path, chat({ stream: true, max_tokens: 2_000 }));
  await expect.poll(() => simulator.simulation.engine("m")?.counters().running).toBe(1);

  expect((await post("/sleep?level=1", null)).status).toBe(200);

  const events = eventsOf(await stream.text());
  expect(events.at(-1)).toBe("[DONE]");
  expect(events.at(-2)).toContain('"finish_reason":"abort"');
  expect(await isSleeping(simulator.url)).toEqual({ is_sleeping: true });
  const waiting = post(path, chat({ max_tokens: 1 }));
  await expect.poll(() => simulator.simulation.engine("m")?.counters().waiting).toBe(1);

  expect((await post("/wake_up", null)).status).toBe(200);

  expect(await isSleeping(simulator.url)).toEqual({ is_sleeping: false });
  expect((await waiting).status).toBe(200);
});

test("refuses a level that is not simulated", async () => {
  const { post } = await serve();

  expect((await post("/sleep?level=0", null)).status).toBe(400);
});

test.each(["sglang", "llamacpp", "ollama"] as const)("knows no sleep as %s", async (dialect) => {
  const { post, simulator } = await serve({ dialect });

  expect((await post("/sleep", {})).status).toBe(404);
  expect((await fetch(`${simulator.url}/is_sleeping`)).status).toBe(404);
});
