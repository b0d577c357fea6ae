import type { Agent } from "undici";
import { boundedFetch } from "./bounded-fetch.ts";
import type { BoundedFetch } from "./bounded-fetch.ts";
import { createChoices } from "./choices.ts";
import type { ChoiceEnd, Choices } from "./choices.ts";
import { withoutEcho } from "./echo.ts";
import type { Timeouts } from "./endpoint.ts";
import { readEvents } from "./event-stream.ts";
import { failed, failureOf } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import { estimatedTokens } from "./prompt-size.ts";
import type { Pulse, SentRequest } from "./pulse.ts";
import { readChunk } from "./read-chunk.ts";
import { bodyOf } from "./request-body.ts";
import type { Question } from "./request-body.ts";
import { sdkFor } from "./sdk.ts";
import type { StageEstimate } from "./token-estimates.ts";
import { startWatchdog } from "./watchdog.ts";
import type { Watchdog } from "./watchdog.ts";

export type Attempt = Question & {
  readonly dispatcher: Agent;
  readonly timeouts: Timeouts;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds left for this request. */
  readonly remainingMs: number;
  /** Of the server. */
  readonly pulse: Pulse;
  /** Of the stage. */
  readonly estimate: StageEstimate;
  /** The prompt has been computed. */
  readonly onFirstToken: () => void;
};

/** What became of the choices that did not end by themselves. */
export type AttemptEnd =
  | { readonly kind: "complete" }
  /** The server gave only so many choices, all of them whole. */
  | { readonly kind: "fewer"; readonly given: number }
  /** `began`: the server had accepted the request before. */
  | { readonly kind: "failed"; readonly failure: AttemptFailure; readonly began: boolean };

/** A streamed chunk wraps each token in about 250 bytes of JSON, with its count in 350; the rest is slack. */
const wireBytesPerToken = 1024;
const wireSlackBytes = 256 * 1024;
/** Wait for the end of a stream in which everything has been said: only a stream read to its end leaves a connection to use again. */
const endGraceMs = 500;

/**
 * One streamed request; `onEnd` hears of each choice the moment it ends, by its position in `requests`. Never throws;
 * whoever aborted `signal` looks at it afterwards. What has arrived by then still counts.
 */
export async function attemptSamples(
  attempt: Attempt,
  onEnd: (position: number, end: ChoiceEnd) => void,
  signal: AbortSignal,
): Promise<AttemptEnd> {
  const { requests, endpoint, dispatcher, timeouts, maxTokens } = attempt;
  const count = requests.length;
  const controller = new AbortController();
  const choices = createChoices(
    {
      count,
      maxTokens,
      estimatedPrompt: () => estimatedTokens(bodyOf(attempt).messages),
      estimate: attempt.estimate,
    },
    onEnd,
  );
  const leave = (): void => {
    choices.hurry();
    choices.leave();
    // What this process has received already is read before the connection goes.
    setImmediate(() => controller.abort());
  };
  signal.addEventListener("abort", leave, { once: true });
  const watchdog = startWatchdog(controller, attempt.remainingMs);
  const sent = attempt.pulse.sent((detail) => watchdog.giveUp(detail));
  const maxBytes = count * maxTokens * wireBytesPerToken + wireSlackBytes;
  const wire = boundedFetch(dispatcher, maxBytes, endpoint.apiKey === null);
  const reading: Reading = { wire, choices, watchdog, sent, signal: controller.signal, began: false };
  let problem: AttemptFailure | null;
  try {
    if (signal.aborted) controller.abort();
    watchdog.expect("response headers", timeouts.headersMs);
    problem = await read(attempt, reading);
  } catch (error) {
    problem = failureOf(error, endpoint, wire.refusal());
  } finally {
    watchdog.stop();
    sent.end();
    signal.removeEventListener("abort", leave);
    choices.hurry();
    // Leaves an answer that was not read; one that was is over.
    controller.abort();
  }
  return concluded(count, problem && withoutEcho(problem, bodyOf(attempt).messages), reading);
}

type Reading = {
  readonly wire: BoundedFetch;
  readonly choices: Choices;
  readonly watchdog: Watchdog;
  readonly sent: SentRequest;
  readonly signal: AbortSignal;
  began: boolean;
};

/** Reads the stream to its end, or until nothing more of it is wanted. Throws what the SDK and the connection throw. */
async function read(attempt: Attempt, reading: Reading): Promise<AttemptFailure | null> {
  const { endpoint, timeouts, headers, requests, onFirstToken } = attempt;
  const { wire, choices, watchdog, sent, signal } = reading;
  const response = await sdkFor(endpoint, wire)
    .chat.completions.create(bodyOf(attempt), { signal, headers })
    .asResponse();
  const type = response.headers.get("content-type") ?? "nothing";
  if (!type.startsWith("text/event-stream")) {
    return { kind: "misconfigured", detail: `answered ${type.split(";")[0]} instead of an event stream` };
  }
  reading.began = true;
  watchdog.expect("first token", timeouts.firstTokenMs);
  let problem: AttemptFailure | null = null;
  let hasBegun = false;
  let allSaid = false;
  const isBounded = await readEvents(wire, {
    onEvent(data) {
      const read = readChunk(data, endpoint);
      if (read.kind === "chunk") choices.add(read.chunk);
      else problem = read.failure;
      return problem === null && !(choices.overran() && choices.open() === 0);
    },
    onPause() {
      if (!hasBegun && choices.unseen() < requests.length) {
        hasBegun = true;
        onFirstToken();
      }
      if (hasBegun) sent.tokens();
      if (choices.open() > 0) watchdog.expect("further token", timeouts.betweenChunksMs);
      else if (!allSaid) watchdog.expect("end of the stream", endGraceMs);
      allSaid = choices.open() === 0;
    },
  });
  return isBounded ? problem : tooLong;
}

/** A choice that ended counts whatever happened to its connection afterwards; this is about the others. */
function concluded(count: number, problem: AttemptFailure | null, reading: Reading): AttemptEnd {
  const { wire, choices, watchdog, began } = reading;
  const ended = (failure: AttemptFailure): AttemptEnd => ({ kind: "failed", failure, began });
  const givenUp = choices.givenUp();
  if (choices.open() === 0 && givenUp === null) return { kind: "complete" };
  if (wire.exceeded()) return ended(tooLong);
  const late = watchdog.fired();
  if (late !== null) return ended(failed("deadline", late, "always"));
  if (problem !== null) return ended(problem);
  if (givenUp !== null) return ended(failed("server", `the server ended the answer with ${givenUp}`, "once"));
  const unseen = choices.unseen();
  if (count > 1 && unseen === choices.open()) return { kind: "fewer", given: count - unseen };
  if (unseen === count) return ended(failed("protocol", "the server's answer held no choice", "always"));
  return ended(failed("transport", "the answer ended without a finish reason", "always"));
}

const tooLong = failed("too-long", "the answer went on beyond its token limit", "never");
