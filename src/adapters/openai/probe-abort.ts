import { fetch } from "undici";
import type { Agent } from "undici";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { fine, wrong, type Finding } from "./probe-finding.ts";
import { oneToken } from "./probe-group.ts";
import { ask, headersOf, parsedJson } from "./probe-request.ts";

const what = "cancelling";
const streamMs = 60_000;
const callMs = 20_000;
/** How often, and how long apart in milliseconds, the server's counters are looked at. */
const looks = 20;
const lookMs = 250;

const fix =
  "Take --middleware and the logging of bodies from the server, or a proxy that hides hang-ups from between: " +
  "until then the server computes cancelled answers to their end.";

/** Opens a stream without end, hangs up, and watches whether the server's count of running requests falls. */
export async function probeAbort(
  endpoint: Endpoint,
  dispatcher: Agent,
  clock: Clock,
  signal: AbortSignal,
): Promise<Finding> {
  const running = (): Promise<number | null> => runningRequests(endpoint, dispatcher, signal);
  const becomes = async (fits: (count: number) => boolean): Promise<boolean> => {
    for (let look = 0; look < looks && !signal.aborted; look += 1) {
      const count = await running();
      if (count !== null && fits(count)) return true;
      await clock.sleep(lookMs);
    }
    return false;
  };
  const before = await running();
  if (before === null)
    return fine(what, "could not be seen: no counter of running requests at /metrics or /slots");
  const leaving = new AbortController();
  try {
    const opened = await openStream(endpoint, dispatcher, AbortSignal.any([signal, leaving.signal]));
    const seen = opened && (await becomes((count) => count > before));
    if (!seen) return fine(what, "could not be seen: the counters did not show the call");
  } finally {
    leaving.abort();
  }
  // vLLM counts when it computes, so an idle server would go on showing the last count.
  const body = { ...oneToken, model: endpoint.model };
  await ask(endpoint, dispatcher, { path: "/chat/completions", body, timeoutMs: callMs }, signal);
  if (await becomes((count) => count <= before)) return fine(what, "hanging up ends the work on an answer");
  if (before > 0) return fine(what, "could not be seen: the server works for others");
  return wrong(what, "the server went on with an answer that nobody waits for", fix);
}

/** True once the first piece of an answer that goes on for long has come; `ignore_eos` is known to vLLM, SGLang and llama.cpp. */
async function openStream(endpoint: Endpoint, dispatcher: Agent, signal: AbortSignal): Promise<boolean> {
  const body = {
    model: endpoint.model,
    messages: [{ role: "user", content: "Count upwards from 1, one number a line, and never stop." }],
    max_tokens: 3_000,
    temperature: 0.7,
    ignore_eos: true,
    stream: true,
  };
  try {
    const response = await fetch(`${endpoint.baseUrl}/chat/completions`, {
      dispatcher,
      redirect: "manual",
      method: "POST",
      headers: headersOf(endpoint),
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(streamMs)]),
    });
    const first = await response.body?.getReader().read();
    return response.status === 200 && first?.done === false;
  } catch {
    return false;
  }
}

const counter =
  /^(?:vllm:num_requests_running|sglang:num_running_reqs|llamacpp:requests_processing)(?:\{.*\})? (\S+)$/gm;

const Slots = z.array(z.looseObject({ is_processing: z.boolean() }));

/** Requests that the server computes now, null where it does not tell. */
async function runningRequests(
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<number | null> {
  const metrics = await ask(
    endpoint,
    dispatcher,
    { path: "/metrics", root: true, timeoutMs: callMs },
    signal,
  );
  const counts =
    metrics?.status === 200 ? [...metrics.text.matchAll(counter)].map(([, count]) => Number(count)) : [];
  if (counts.length > 0) return counts.reduce((sum, count) => sum + count, 0);
  const slots = await ask(endpoint, dispatcher, { path: "/slots", root: true, timeoutMs: callMs }, signal);
  const read = Slots.safeParse(parsedJson(slots?.text ?? ""));
  return read.success ? read.data.filter((slot) => slot.is_processing).length : null;
}
