import type { Agent } from "undici";
import { Chunk } from "./answer.ts";
import { quoteServer, type Endpoint } from "./endpoint.ts";
import { fine, wrong, type Finding } from "./probe-finding.ts";
import { ask, parsedJson } from "./probe-request.ts";

const timeoutMs = 90_000;

/** One short streamed answer, or two where the server gives groups: where its reasoning is, and how tokens are counted. */
export async function probeAnswer(
  endpoint: Endpoint,
  dispatcher: Agent,
  groups: boolean,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const count = groups ? 2 : 1;
  const body = {
    model: endpoint.model,
    messages: [{ role: "user", content: "What is 2 + 2? Answer with the number." }],
    max_tokens: 256,
    temperature: 0.7,
    ...(groups ? { n: count } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
  const answer = await ask(endpoint, dispatcher, { path: "/chat/completions", body, timeoutMs }, signal);
  if (answer === null) {
    return [
      wrong("answer", `no whole answer within ${timeoutMs / 1000} s`, "See the server's log and load."),
    ];
  }
  const chunks = chunksOf(answer.text);
  if (answer.status !== 200 || chunks.length === 0) {
    const said = quoteServer(answer.text, endpoint);
    const fix = "Check the key, the model name and that the address ends where /chat/completions begins.";
    return [wrong("answer", `status ${answer.status}: ${said}`, fix)];
  }
  return [reasoningIn(chunks), usageIn(chunks, count)];
}

const chunksOf = (text: string): readonly Chunk[] =>
  text.split("\n").flatMap((line) => {
    const read = line.startsWith("data:") ? Chunk.safeParse(parsedJson(line.slice("data:".length))) : null;
    return read?.success ? [read.data] : [];
  });

function reasoningIn(chunks: readonly Chunk[]): Finding {
  const what = "reasoning";
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  const content = choices.map(({ delta }) => delta?.content ?? "").join("");
  const field = (["reasoning", "reasoning_content"] as const).find((name) =>
    choices.some(({ delta }) => delta?.[name]),
  );
  const isWhole = choices.every(({ finish_reason: finish }) => finish !== "length");
  if (field !== undefined && content.trim() === "" && isWhole) {
    const fix = "Serve the models without a reasoning parser; Copatcher separates the reasoning itself.";
    return wrong(what, `the whole answer came as reasoning (field ${field})`, fix);
  }
  if (field !== undefined) return fine(what, `the server separates it (field ${field})`);
  if (content.includes("<think>")) return fine(what, "in the text, between <think> tags");
  if (content.includes("</think>")) return fine(what, "in the text, its opening tag is in the prompt");
  return fine(what, "none in a short answer");
}

function usageIn(chunks: readonly Chunk[], count: number): Finding {
  const what = "usage";
  const reports = chunks.filter(({ usage }) => usage).length;
  if (reports === 0) return fine(what, "not reported; tokens are estimated");
  if (reports === 1) return fine(what, "reported once, for the whole request");
  if (reports === count) return fine(what, "reported once per answer");
  return fine(what, "reported again and again while the answer comes");
}
