import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { askAll, groupServer, neighbours, textOf, usageOf, whole } from "./group-call.ts";
import { chunkOf, good, silentAfter } from "./raw-server.ts";

const signal = new AbortController().signal;
const patient = { timeouts: { headersMs: 20_000, firstTokenMs: 20_000, betweenChunksMs: 20_000 } };
const data = (...chunks: readonly string[]): string => chunks.map((chunk) => `data: ${chunk}\n\n`).join("");

test("settles each sample when its own answer ends, whatever the others do", async () => {
  let stream: ServerResponse | null = null;
  const { client } = await groupServer(
    [
      (response) => {
        stream = response;
        silentAfter(data(chunkOf(0, { content: "still" }), whole(2)))(response);
      },
    ],
    patient,
  );
  const order: number[] = [];
  const samples = client.sampleMany(neighbours(3), signal);
  samples.forEach((sample, index) => void sample.then(() => order.push(index)));

  expect(textOf(await samples[2])).toBe("answer 2");
  expect(order).toEqual([2]);
  const rest = data(whole(1), chunkOf(0, { content: " here" }, "stop"), "[DONE]");
  (stream as ServerResponse | null)?.end(rest);
  expect((await Promise.all(samples)).map(textOf)).toEqual(["still here", "answer 1", "answer 2"]);
  expect(order).toEqual([2, 1, 0]);
});

test("gives a place free with each answer of a group", async () => {
  const { server, client } = await groupServer(
    [silentAfter(data(whole(0), chunkOf(1, { content: "slow" }))), good],
    { ...patient, concurrency: 2 },
  );
  const leave = new AbortController();
  const [first, second] = client.sampleMany(neighbours(2), leave.signal);
  await first;

  const next = await client.sample(sampleRequest({ stage: "critique" }), signal);

  expect(textOf(next)).toBe("fine");
  expect(server.requests).toHaveLength(2);
  leave.abort();
  await expect(second).rejects.toMatchObject({ code: "cancelled" });
});

test("keeps the answers that are complete when the run is cancelled, and frees who waits for the others", async () => {
  const { client } = await groupServer(
    [silentAfter(data(whole(0), chunkOf(1, { content: "half" })))],
    patient,
  );
  const controller = new AbortController();
  const [complete, half] = client.sampleMany(neighbours(2), controller.signal);
  half?.catch(() => undefined);
  await complete;

  controller.abort();

  await expect(half).rejects.toMatchObject({ code: "cancelled" });
  expect(textOf(await complete)).toBe("answer 0");
});

test("says what had been written of a sample that is cancelled", async () => {
  const writing = chunkOf(0, { content: "ha" }, null, usageOf(90, 7));
  const { client } = await groupServer([silentAfter(data(writing, whole(1)))], patient);
  const controller = new AbortController();
  const [half, complete, unseen] = client.sampleMany(neighbours(3), controller.signal);
  unseen?.catch(() => undefined);
  half?.catch(() => undefined);
  await complete;

  controller.abort();

  const usage = { prompt: 30, completion: 7, estimated: false };
  await expect(half).rejects.toMatchObject({ code: "cancelled", data: { usage } });
  await expect(unseen).rejects.toMatchObject({ code: "cancelled", data: {} });
});

test("keeps an answer whose last word is there although its token count is not, when the run is cancelled", async () => {
  const { server, client } = await groupServer([silentAfter(data(whole(0)))], patient);
  const controller = new AbortController();
  const sample = client.sample(sampleRequest(), controller.signal);
  await expect.poll(() => server.requests.length).toBe(1);
  await sleep(100);

  controller.abort();

  expect(textOf(await sample)).toBe("answer 0");
});

test("asks nobody for samples that were cancelled before", async () => {
  const { server, client } = await groupServer([good]);

  const outcomes = await Promise.allSettled(client.sampleMany(neighbours(3), AbortSignal.abort()));

  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  expect(server.requests).toEqual([]);
});

test("uses a connection again whose stream was read to its end", async () => {
  const ports = new Set<number | undefined>();
  const { client } = await groupServer([
    (response) => {
      ports.add(response.socket?.remotePort);
      good(response);
    },
  ]);

  for (const index of [0, 1, 2, 3]) await askAll(client, [sampleRequest({ index })]);

  // The probes of the start may hold one of their own.
  expect(ports.size).toBeLessThanOrEqual(2);
});
