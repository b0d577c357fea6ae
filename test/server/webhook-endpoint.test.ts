import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { RepairError } from "../../src/domain/errors.ts";
import { webhookPath } from "../../src/server/open-http.ts";
import { labeled } from "../github-app/payloads.ts";
import { openHttpWorld, secret, sign, type HttpWorld } from "./http-world.ts";

const ours = JSON.stringify(labeled());

describe("the webhook address", () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await openHttpWorld();
  });
  afterEach(() => world.close());

  test("stores what concerns us before it says 2xx", async () => {
    const answer = await world.post(ours);

    expect(answer).toEqual({ status: 200, body: { status: 200, outcome: "stored" } });
    expect(world.stored).toEqual([{ id: "d1", event: "issues", payload: labeled() }]);
  });

  test("answers a delivery that comes again and stores nothing, whatever its body", async () => {
    await world.post(ours);
    const again = await world.post(ours);
    const other = await world.post(JSON.stringify(labeled({ label: "COPATCHER", body: "another" })));

    expect([again, other]).toMatchObject([
      { status: 200, body: { outcome: "duplicate" } },
      { status: 200, body: { outcome: "duplicate" } },
    ]);
    expect(world.stored).toMatchObject([{ payload: labeled() }]);
  });

  test("reads a form's payload, which is signed as the form it is", async () => {
    const form = `payload=${encodeURIComponent(ours)}`;

    const answer = await world.post(form, { "content-type": "application/x-www-form-urlencoded" });

    expect(answer.status).toBe(200);
    expect(world.stored).toMatchObject([{ payload: labeled() }]);
  });

  test.each([
    ["unsigned", { "x-hub-signature-256": undefined }, 401],
    [
      "signed with SHA-1 only",
      { "x-hub-signature-256": undefined, "x-hub-signature": sign(ours, "sha1") },
      401,
    ],
    ["signed with SHA-1 in the place of SHA-256", { "x-hub-signature-256": sign(ours, "sha1") }, 401],
    ["signed with another secret", { "x-hub-signature-256": sign(ours, "sha256", `${secret}.`) }, 401],
    ["signed for another body", { "x-hub-signature-256": sign(`${ours} `) }, 401],
    ["signed with half a signature", { "x-hub-signature-256": sign(ours).slice(0, 40) }, 401],
    ["signed with a signature and more", { "x-hub-signature-256": `${sign(ours)}00` }, 401],
    ["without an id", { "x-github-delivery": undefined }, 400],
    ["with an id that is none", { "x-github-delivery": "d'1; --" }, 400],
    ["with an endless id", { "x-github-delivery": "d".repeat(101) }, 400],
    ["without an event", { "x-github-event": undefined }, 400],
    ["with the sweep's own event", { "x-github-event": "copatcher-label" }, 400],
    ["of another type", { "content-type": "text/plain" }, 415],
    ["without a type", { "content-type": undefined }, 415],
    ["that is compressed", { "content-encoding": "gzip" }, 415],
    ["that is no form", { "content-type": "application/x-www-form-urlencoded" }, 400],
  ])("refuses a delivery %s", async (_title, headers, status) => {
    expect((await world.post(ours, headers)).status).toBe(status);
    expect(world.stored).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["a truncated body", ours.slice(0, -9)],
    ["a body that is no JSON", "<html>"],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "7"],
    ["two values", `${ours}${ours}`],
  ])("refuses %s, however well it is signed", async (_title, body) => {
    expect((await world.post(body)).status).toBe(400);
    expect(world.stored).toEqual([]);
  });

  test("checks the bytes, not the text they would read as", async () => {
    const bytes = Buffer.from(ours.replace("Month", "\u00ffonth"), "latin1");

    expect((await world.post(bytes)).status).toBe(200);
    expect((await world.post(bytes, { "x-hub-signature-256": sign(bytes.toString()) })).status).toBe(401);
  });

  test("refuses a delivery of ours whose payload lacks what its event promises, and says so in the log", async () => {
    const answer = await world.post(JSON.stringify({ ...labeled(), repository: {} }));

    expect(answer.status).toBe(422);
    expect(world.logger.lines).toMatchObject([{ level: "error", data: { delivery: "d1", event: "issues" } }]);
  });

  test.each([
    ["an event nobody listens to", { "x-github-event": "sponsorship" }, ours],
    ["an action nobody listens to", {}, JSON.stringify({ ...labeled(), action: "pinned" })],
    [
      "a label that a bot puts on",
      {},
      JSON.stringify(labeled({ sender: { login: "labels[bot]", type: "Bot" } })),
    ],
  ])("answers %s without asking the store", async (_title, headers, body) => {
    world.store = { ...world.store, receive: () => Promise.reject(new Error("was asked")) };

    expect(await world.post(body, headers)).toMatchObject({ status: 200, body: { outcome: "ignored" } });
  });

  test.each([
    ["is full", new RepairError("store-unavailable", "no space left on device"), 503],
    ["may only be read", new RepairError("store-unavailable", "cannot execute INSERT: read-only"), 503],
    ["fails in a way nobody thought of", new TypeError("x is not a function"), 500],
  ])("says 5xx when the store %s", async (_title, error, status) => {
    world.store = { ...world.store, receive: () => Promise.reject(error) };

    expect((await world.post(ours)).status).toBe(status);
    expect(world.logger.lines.at(-1)).toMatchObject({ level: "error", data: { delivery: "d1" } });
  });

  test("answers nothing else: other paths, other methods", async () => {
    const at = async (path: string, method: string) =>
      (await fetch(`${world.url}${path}`, { method })).status;

    expect([await at("/", "GET"), await at(webhookPath, "GET"), await at("/healthz", "DELETE")]).toEqual([
      404, 405, 405,
    ]);
    expect(await at(`${webhookPath}/?a=b`, "POST")).toBe(415);
  });

  test("is the one that the manifest names", () => {
    const { hook_attributes } = z
      .object({ hook_attributes: z.object({ url: z.string() }) })
      .parse(parse(readFileSync("app.yml", "utf8")));

    expect(new URL(hook_attributes.url).pathname).toBe(webhookPath);
  });
});

describe("a body", () => {
  let world: HttpWorld;
  afterEach(() => world.close());
  const head = (length: string, body = ""): string =>
    [
      `POST ${webhookPath} HTTP/1.1`,
      "host: x",
      "content-type: application/json",
      "x-github-event: issues",
      "x-github-delivery: d1",
      `x-hub-signature-256: ${sign(ours)}`,
      length,
      "",
      body,
    ].join("\r\n");

  test("that says it is larger than the limit is refused unread", async () => {
    world = await openHttpWorld({ bodyBytes: 1_000 });

    expect(await world.raw(head("content-length: 1001"))).toMatch(/^HTTP\/1.1 413 /);
  });

  test("that does not say so is refused while it is read", async () => {
    world = await openHttpWorld({ bodyBytes: 1_000 });
    const chunk = `1f4\r\n${"x".repeat(500)}\r\n`;

    expect(await world.raw(head("transfer-encoding: chunked", chunk.repeat(3)))).toMatch(/^HTTP\/1.1 413 /);
  });

  test("that would be too much beside the others is refused, and the next one is not", async () => {
    world = await openHttpWorld({ bytesAtOnce: ours.length + 10 });
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { store } = world;
    const asked = new Promise<void>((resolve) => {
      world.store = {
        ...store,
        receive: (delivery) => (resolve(), slow.then(() => store.receive(delivery))),
      };
    });

    const first = world.post(ours);
    await asked;
    const second = await world.post(ours, { "x-github-delivery": "d2" });
    finish();
    await first;
    const third = await world.post(ours, { "x-github-delivery": "d3" });

    expect([(await first).status, second.status, third.status]).toEqual([200, 503, 200]);
  });

  test("that comes in drops is cut off", async () => {
    world = await openHttpWorld({ answerMs: 400 });

    const said = await world.raw(head(`content-length: ${ours.length}`), ours);

    expect(said).toMatch(/^(HTTP\/1.1 408 |$)/);
    expect(world.stored).toEqual([]);
  });

  test("whose sender goes away is forgotten", async () => {
    world = await openHttpWorld({ bytesAtOnce: ours.length });
    const cut = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from(ours.slice(0, -1))),
    });
    const headers = {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "d1",
      "x-hub-signature-256": sign(ours),
    };
    const sent = fetch(`${world.url}${webhookPath}`, {
      method: "POST",
      headers,
      body,
      duplex: "half",
      signal: cut.signal,
    });
    setTimeout(() => cut.abort(), 50);
    await expect(sent).rejects.toThrow("aborted");

    await expect.poll(async () => (await world.post(ours, { "x-github-delivery": "d2" })).status).toBe(200);
    expect(world.stored).toMatchObject([{ id: "d2" }]);
  });

  test("whose headers never end is cut off", async () => {
    world = await openHttpWorld({ answerMs: 400 });

    expect(await world.raw(`POST ${webhookPath} HTTP/1.1\r\nx-a: `, "a".repeat(200))).toMatch(
      /^(HTTP\/1.1 408 |$)/,
    );
  });
});

describe("a store that is too slow", () => {
  test(
    "makes GitHub hear 5xx before it gives up, and the delivery is known when it comes again",
    { timeout: 15_000 },
    async () => {
      const world = await openHttpWorld({ answerMs: 300 });
      const { store } = world;
      let finish = (): void => {};
      const slow = new Promise<void>((resolve) => {
        finish = resolve;
      });
      world.store = { ...store, receive: (delivery) => slow.then(() => store.receive(delivery)) };

      const first = await world.post(ours);
      finish();
      await expect.poll(() => world.stored.length).toBe(1);
      const second = await world.post(ours);

      expect([first.status, second]).toMatchObject([503, { status: 200, body: { outcome: "duplicate" } }]);
      await world.close();
    },
  );

  test("whose failure comes after the answer troubles nobody", async () => {
    const world = await openHttpWorld({ answerMs: 100 });
    let fail = (_error: Error): void => {};
    const slow = new Promise<"stored">((_, reject) => {
      fail = reject;
    });
    world.store = { ...world.store, receive: () => slow };

    expect((await world.post(ours)).status).toBe(503);
    fail(new RepairError("store-unavailable", "the server closed the connection"));

    await expect
      .poll(() => world.logger.lines.map(({ text }) => text))
      .toContain("a delivery was not stored");
    await world.close();
  });
});
