import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { askAll, groupServer, neighbours, textOf, whole } from "./group-call.ts";
import { answer, chunkOf } from "./raw-server.ts";

const groups = 3;
const each = 12;
const modelsOf = (owner: string) =>
  answer(200, JSON.stringify({ data: [{ id: "loc-gen", owned_by: owner }] }));

/** Asks for three groups; `onArrival` answers each request that has come. */
async function askGroups(owner: string, onArrival: (open: readonly ServerResponse[]) => void) {
  const open: ServerResponse[] = [];
  const arrive = (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    open.push(response);
    onArrival(open);
  };
  const models = modelsOf(owner);
  const { client } = await groupServer([arrive], { concurrency: groups * each }, { models });
  const outcomes = await askAll(client, neighbours(groups * each));
  return outcomes.filter((outcome) => textOf(outcome)?.startsWith("answer")).length;
}

const say = (response: ServerResponse, event: string): void => void response.write(`data: ${event}\n\n`);
const sayAll = (response: ServerResponse): void => {
  for (let index = 0; index < each; index += 1) say(response, whole(index));
  response.end();
};

test("lets one group compute the prompt before the others come, where the engine is not vLLM", async () => {
  let isComputed = false;
  let early = 0;

  const answered = await askGroups("sglang", ([first, ...others]) => {
    if (!isComputed && others.length > 0) early += 1;
    const last = others.at(-1);
    if (last !== undefined) return sayAll(last);
    setTimeout(() => {
      isComputed = true;
      if (first !== undefined) say(first, chunkOf(0, { content: "" }));
    }, 50);
    if (first !== undefined) setTimeout(() => sayAll(first), 100);
  });

  expect(answered).toBe(groups * each);
  expect(early).toBe(0);
});

test("lets the others come when the first group has failed", async () => {
  const answered = await askGroups("sglang", (open) => {
    const last = open.at(-1);
    if (open.length === 1) last?.destroy();
    else if (last !== undefined) sayAll(last);
  });

  expect(answered).toBe(groups * each);
});

test("sends vLLM all groups at once: it computes their prompt once", async () => {
  const answered = await askGroups("vllm", (open) => {
    if (open.length === groups) for (const response of open) sayAll(response);
  });

  expect(answered).toBe(groups * each);
});
