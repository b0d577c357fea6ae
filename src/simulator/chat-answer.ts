import type { ServerResponse } from "node:http";
import { estimateTokens } from "../domain/token-estimate.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Fault, Reply } from "./replies.ts";
import { openEventStream, pause, sendEvent, sendJson, sendText } from "./sse.ts";

/** Characters per streamed chunk: eight tokens, as vLLM sends with --stream-interval 8. */
const chunkCharacters = 26;
const firstTokenMs = 400;
const chunkMs = 8 * 16;
const hugeBytes = 50 * 1024 * 1024;
const hugePiece = "a".repeat(64 * 1024);

type Answer = {
  readonly request: ChatRequest;
  readonly reply: Reply;
  /** Factor on every wait: 1 is the pace of a 14B model on one GPU, 0 is no wait at all. */
  readonly timeScale: number;
};

/** Answers as an OpenAI-compatible server would: streamed or whole, at a model's pace. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { reply, request, timeScale } = answer;
  await pause(response, reply.delayMs ?? 0);
  await pause(response, firstTokenMs * timeScale);
  if (request.stream !== true) return sendWhole(response, request, reply);
  openEventStream(response);
  await sendEvent(response, delta(request, { role: "assistant", content: "" }));
  for (let at = 0; at < reply.text.length; at += chunkCharacters) {
    const content = reply.text.slice(at, at + chunkCharacters);
    if (!(await sendEvent(response, delta(request, { content })))) return;
    await pause(response, chunkMs * timeScale);
  }
  await sendEvent(response, delta(request, {}, reply.finish ?? "stop"));
  if (request.stream_options?.include_usage === true) {
    await sendEvent(response, chunk(request, { choices: [], usage: usageOf(request, reply) }));
  }
  await sendEvent(response, "[DONE]");
  response.end();
}

/** Goes wrong in the way `fault` names; `empty` is an answer without words. */
export async function sendFault(response: ServerResponse, answer: Answer, fault: Fault): Promise<void> {
  const { request, reply } = answer;
  switch (fault) {
    case "empty":
      return sendAnswer(response, { ...answer, reply: { ...reply, text: "" } });
    case "http-500":
      return sendJson(
        response,
        500,
        errorBody("EngineCore encountered an issue.", "InternalServerError", 500),
      );
    case "http-401":
      return sendJson(response, 401, { error: "Unauthorized" });
    case "overload-503":
      return sendJson(response, 503, errorBody("the queue is full", "ServiceUnavailable", 503), {
        "retry-after": "0",
      });
    case "overflow-400":
      return sendJson(response, 400, errorBody(overflowText, "BadRequestError", 400));
    case "hang":
      return;
    case "garbage-json":
      openEventStream(response);
      await sendEvent(response, '{"choices": [{"index": 0, "delta": {"content": ');
      response.end();
      return;
    case "drop-midway":
      openEventStream(response);
      await sendEvent(response, delta(request, { content: reply.text.slice(0, reply.text.length / 2) }));
      await pause(response, 20);
      response.destroy();
      return;
    case "endless":
      openEventStream(response);
      while (await sendEvent(response, delta(request, { content: " tick tock" })));
      return;
    case "huge":
      return sendHuge(response);
  }
}

/** One event that does not end within 50 MB. */
async function sendHuge(response: ServerResponse): Promise<void> {
  openEventStream(response);
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  for (let sent = 0; sent < hugeBytes; sent += hugePiece.length) {
    if (!(await sendText(response, hugePiece))) return;
  }
  response.end('"}}]}\n\ndata: [DONE]\n\n');
}

const overflowText =
  "You passed 30000 input tokens and requested 8192 output tokens. However, the model's context length is only " +
  "32768 tokens, resulting in a maximum input length of 24576 tokens. Please reduce the length of the input prompt.";

/** The error shape of vLLM. */
export const errorBody = (message: string, type: string, code: number): unknown => ({
  error: { message, type, param: null, code },
});

const chunk = (request: ChatRequest, fields: Record<string, unknown>): string =>
  JSON.stringify({
    id: "chatcmpl-recorded",
    object: "chat.completion.chunk",
    created: 0,
    model: request.model,
    ...fields,
  });

const delta = (request: ChatRequest, delta: Record<string, string>, finish: string | null = null): string =>
  chunk(request, { choices: [{ index: 0, delta, finish_reason: finish }] });

function usageOf(request: ChatRequest, reply: Reply): Record<string, number> {
  const prompt = request.messages.reduce((sum, message) => sum + estimateTokens(message.content), 0);
  const completion = estimateTokens(reply.text);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function sendWhole(response: ServerResponse, request: ChatRequest, reply: Reply): void {
  sendJson(response, 200, {
    id: "chatcmpl-recorded",
    object: "chat.completion",
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: reply.text },
        finish_reason: reply.finish ?? "stop",
      },
    ],
    usage: usageOf(request, reply),
  });
}
