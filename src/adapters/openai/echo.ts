import type { ChatMessage } from "../../domain/transcript.ts";
import type { AttemptFailure } from "./failure.ts";

/** Characters; a shorter piece that both have may be the server's own words. */
const shortestEcho = 20;
const shown = "[of the prompt]";

/**
 * A failure without what its detail repeats of the messages: some servers answer an error with the whole request, and
 * details are logged, which issues and code must not be.
 */
export function withoutEcho(failure: AttemptFailure, messages: readonly ChatMessage[]): AttemptFailure {
  const prompt = plain(messages.map(({ content }) => content).join("\n"));
  const quiet = (detail: string): string => unechoed(plain(detail), prompt) ?? detail;
  if (failure.kind !== "failed") return { ...failure, detail: quiet(failure.detail) };
  const { reason, detail } = failure.failure;
  return { ...failure, failure: { reason, detail: quiet(detail) } };
}

/** On one line and without the backslashes of JSON and Python, which servers write a string with. */
const plain = (text: string): string => text.replace(/\\+[nrt]?|[\p{C}\s]+/gu, " ").replace(/ {2,}/g, " ");

/** Null when nothing of the prompt is in it. `detail` is a line of some hundred characters. */
function unechoed(detail: string, prompt: string): string | null {
  let [kept, from] = ["", 0];
  for (let at = 0; at + shortestEcho <= detail.length; at += 1) {
    let end = at + shortestEcho;
    if (!prompt.includes(detail.slice(at, end))) continue;
    while (end < detail.length && prompt.includes(detail.slice(at, end + 1))) end += 1;
    kept += detail.slice(from, at) + shown;
    [at, from] = [end - 1, end];
  }
  return from === 0 ? null : kept + detail.slice(from);
}
