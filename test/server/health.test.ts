import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpWorld, type HttpWorld } from "./http-world.ts";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});
afterEach(() => world.close());

const ask = async () => {
  const response = await fetch(`${world.url}/healthz`);
  return { status: response.status, body: await response.json() };
};

test("the bot is well when its store answers", async () => {
  expect(await ask()).toEqual({ status: 200, body: { ok: true, store: "answers" } });
});

test("the bot is not well when its store fails", async () => {
  world.store = { ...world.store, recent: () => Promise.reject(new Error("gone")) };

  expect(await ask()).toEqual({ status: 503, body: { ok: false, store: "fails" } });
});

test("the bot is not well when its store says nothing", async () => {
  world.store = { ...world.store, recent: () => new Promise(() => {}) };

  expect(await ask()).toEqual({ status: 503, body: { ok: false, store: "does not answer" } });
});

test("many who ask after the bot's health are one question to the store", async () => {
  let questions = 0;
  world.store = { ...world.store, recent: () => Promise.resolve((questions++, [])) };

  const answers = await Promise.all(Array.from({ length: 20 }, ask));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(questions).toBe(1);
});

test("a question about health may come without a wish for the body", async () => {
  const response = await fetch(`${world.url}/healthz`, { method: "HEAD" });

  expect([response.status, await response.text()]).toEqual([200, ""]);
});
