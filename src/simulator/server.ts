import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { RepairError } from "../domain/errors.ts";
import { estimateTokens } from "../domain/token-estimate.ts";
import { errorBody, sendAnswer, sendFault } from "./chat-answer.ts";
import { ChatRequest, parseSampleHeader } from "./chat-request.ts";
import { createFaultCounter, findReply, missingRecording, sampleKey } from "./replies.ts";
import type { RecordedReplies } from "./replies.ts";
import { roles } from "../domain/transcript.ts";
import { recordedWindow } from "./scripted-client.ts";
import { sendJson } from "./sse.ts";

export type ModelServerOptions = {
  readonly replies: RecordedReplies;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Model names it serves; by default the roles' names. */
  readonly models?: readonly string[];
  /** Without it, every key and none are accepted. */
  readonly apiKey?: string;
  /** Factor on every wait: 1 is the pace of a 14B model on one GPU, 0 (the default) is no wait at all. */
  readonly timeScale?: number;
  /** Header that names the sample as `stage/index/attempt`. */
  readonly sampleHeader?: string;
};

/** One chat request as the server saw it; `ended` is null while it is being answered. */
export type ServedRequest = {
  readonly sample: string;
  readonly model: string;
  readonly ended: "answered" | "client-left" | null;
};

export type ModelServer = {
  /** Scheme, host and port; the API lies below `/v1`. */
  readonly url: string;
  requests(): readonly ServedRequest[];
  /** Drops open connections and closes the port. */
  stop(): Promise<void>;
};

/** An OpenAI-compatible model server on loopback that answers from recordings. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { host = "127.0.0.1", port = 0 } = options;
  const journal: ServedRequest[] = [];
  const answerChat = createChatHandler(options, journal);
  const server = createServer((request, response) => {
    route(request, response, options, answerChat).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, errorBody(String(error), "BadRequestError", 400));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new RepairError("usage", `cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host}:${actualPort}`,
    requests: () => [...journal],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type ChatHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: ModelServerOptions,
  answerChat: ChatHandler,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  if (path === "/health") return sendJson(response, 200, { status: "ok" });
  const authorized =
    options.apiKey === undefined || request.headers.authorization === `Bearer ${options.apiKey}`;
  if (!authorized) return sendJson(response, 401, { error: "Unauthorized" });
  if (path === "/v1/models") return sendJson(response, 200, { object: "list", data: modelList(options) });
  if (path === "/tokenize" && request.method === "POST") {
    const { messages } = ChatRequest.parse(await json(request));
    const count = messages.reduce((sum, message) => sum + estimateTokens(message.content), 0);
    return sendJson(response, 200, { count, max_model_len: recordedWindow });
  }
  if (path === "/v1/chat/completions" && request.method === "POST") return answerChat(request, response);
  sendJson(response, 404, { detail: "Not Found" });
}

const served = (options: ModelServerOptions): readonly string[] => options.models ?? roles;

const modelList = (options: ModelServerOptions): readonly Record<string, unknown>[] =>
  served(options).map((id) => ({
    id,
    object: "model",
    created: 0,
    owned_by: "copatcher-simulator",
    max_model_len: recordedWindow,
  }));

function createChatHandler(options: ModelServerOptions, journal: ServedRequest[]): ChatHandler {
  const { replies, timeScale = 0, sampleHeader = "x-copatcher-sample" } = options;
  const faultOf = createFaultCounter();
  return async (request, response) => {
    const parsed = ChatRequest.safeParse(await json(request));
    if (!parsed.success)
      return sendJson(response, 400, errorBody(parsed.error.message, "BadRequestError", 400));
    const name = parseSampleHeader(request.headers[sampleHeader]?.toString());
    if (name === null) {
      const hint = `recorded answers are chosen by the header ${sampleHeader}: stage/index/attempt`;
      return sendJson(response, 400, errorBody(hint, "BadRequestError", 400));
    }
    const at = journal.length;
    const entry = { sample: sampleKey(name), model: parsed.data.model };
    journal.push({ ...entry, ended: null });
    response.once("close", () => {
      journal[at] = { ...entry, ended: response.writableFinished ? "answered" : "client-left" };
    });
    if (!served(options).includes(parsed.data.model)) {
      const text = `The model \`${parsed.data.model}\` does not exist.`;
      return sendJson(response, 404, errorBody(text, "NotFoundError", 404));
    }
    const reply = findReply(replies, name, parsed.data.messages);
    if (reply === null) {
      return sendJson(response, 422, errorBody(missingRecording(name), "MissingRecording", 422));
    }
    const fault = faultOf(name, reply);
    const answer = { request: parsed.data, reply, timeScale };
    await (fault === null ? sendAnswer(response, answer) : sendFault(response, answer, fault));
  };
}
