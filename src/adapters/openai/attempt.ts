import { OpenAI } from "openai";
import type { Agent } from "undici";
import type { ChatMessage } from "../../domain/transcript.ts";
import type { SampleRequest } from "../../ports/inference-client.ts";
import { Chunk, createAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { BoundedFetch } from "./bounded-fetch.ts";
import type { Endpoint, Timeouts } from "./endpoint.ts";
import { failed, failureOf } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import { startWatchdog } from "./watchdog.ts";
import type { Watchdog } from "./watchdog.ts";

export type Attempt = {
  readonly request: SampleRequest;
  readonly endpoint: Endpoint;
  readonly dispatcher: Agent;
  readonly timeouts: Timeouts;
  readonly sampleHeader: string;
  /** Milliseconds left for the whole sample. */
  readonly remainingMs: number;
};

export type AttemptResult = { readonly kind: "answered"; readonly answer: Answer } | AttemptFailure;

/** Longest token of the vocabularies in use, in characters, with room to spare. */
const charactersPerToken = 16;
/** A streamed chunk wraps each token in about 250 bytes of JSON; the rest is slack. */
const wireBytesPerToken = 1024;
const wireSlackBytes = 256 * 1024;

/** One streamed request. Never throws; whoever aborted `signal` looks at it afterwards. */
export async function attemptSample(attempt: Attempt, signal: AbortSignal): Promise<AttemptResult> {
  const { request, endpoint, dispatcher, timeouts } = attempt;
  const controller = new AbortController();
  const forward = (): void => controller.abort();
  signal.addEventListener("abort", forward, { once: true });
  const watchdog = startWatchdog(controller, attempt.remainingMs);
  const wire = boundedFetch(
    dispatcher,
    request.maxTokens * wireBytesPerToken + wireSlackBytes,
    endpoint.apiKey === null,
  );
  const answer = createAnswer();
  let problem: AttemptFailure | null;
  try {
    if (signal.aborted) controller.abort();
    watchdog.expect("response headers", timeouts.headersMs);
    problem = await read(attempt, { wire, answer, watchdog, signal: controller.signal });
  } catch (error) {
    problem = failureOf(error, endpoint);
  } finally {
    watchdog.stop();
    signal.removeEventListener("abort", forward);
  }
  return concluded(answer, problem, wire, watchdog);
}

type Reading = {
  readonly wire: BoundedFetch;
  readonly answer: Answer;
  readonly watchdog: Watchdog;
  readonly signal: AbortSignal;
};

/** Reads the stream to its end; a stream that ends early, even by an abort, ends here without an error. */
async function read(attempt: Attempt, reading: Reading): Promise<AttemptFailure | null> {
  const { request, endpoint, timeouts, sampleHeader } = attempt;
  const { wire, answer, watchdog, signal } = reading;
  const { data: stream, response } = await sdkFor(endpoint, wire)
    .chat.completions.create(bodyOf(request, endpoint), {
      signal,
      headers: { [sampleHeader]: `${request.stage}/${request.index}/${request.attempt}` },
    })
    .withResponse();
  const type = response.headers.get("content-type") ?? "nothing";
  if (!type.startsWith("text/event-stream")) {
    stream.controller.abort();
    return { kind: "misconfigured", detail: `answered ${type.split(";")[0]} instead of an event stream` };
  }
  watchdog.expect("first token", timeouts.firstTokenMs);
  for await (const event of stream) {
    watchdog.expect("further token", timeouts.betweenChunksMs);
    const chunk = Chunk.safeParse(event);
    if (!chunk.success) return failed("protocol", "the server sent a chunk of unknown shape", "always");
    answer.add(chunk.data);
    if (answer.size() > request.maxTokens * charactersPerToken) return tooLong;
  }
  return null;
}

const tooLong = failed("too-long", "the answer went on beyond its token limit", "never");

const brokenFinishes: ReadonlySet<string> = new Set(["abort", "error", "content_filter"]);

/** An answer with a finish reason counts whatever happened to its connection afterwards. */
function concluded(
  answer: Answer,
  problem: AttemptFailure | null,
  wire: BoundedFetch,
  watchdog: Watchdog,
): AttemptResult {
  if (problem === tooLong || wire.exceeded()) return tooLong;
  const finish = answer.finish();
  if (finish !== null && brokenFinishes.has(finish)) {
    return failed("server", `the server ended the answer with ${finish}`, "once");
  }
  if (finish !== null) return { kind: "answered", answer };
  const late = watchdog.fired();
  if (late !== null) return failed("deadline", late, "always");
  return problem ?? failed("transport", "the answer ended without a finish reason", "always");
}

/** All sampling fields are explicit, because servers otherwise take them from the checkpoint's own defaults. */
const bodyOf = (request: SampleRequest, endpoint: Endpoint) => ({
  model: endpoint.model,
  messages: withSystem(request.messages, endpoint.system),
  temperature: request.temperature,
  top_p: request.topP,
  top_k: -1,
  repetition_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  max_tokens: request.maxTokens,
  seed: request.seed,
  n: 1,
  stream: true as const,
  stream_options: { include_usage: true },
});

function withSystem(messages: readonly ChatMessage[], system: string | null): ChatMessage[] {
  if (system === null || messages[0]?.role === "system") return [...messages];
  return [{ role: "system", content: system }, ...messages];
}

const longestTimer = 2 ** 31 - 1;

/** The SDK with its own retries, timeouts, logging and environment variables out of the way. */
export const sdkFor = (endpoint: Endpoint, wire: BoundedFetch): OpenAI =>
  new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: longestTimer,
    logLevel: "off",
    fetch: wire.fetch,
  });
