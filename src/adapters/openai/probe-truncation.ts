import type { Agent } from "undici";
import { z } from "zod";
import { quoteServer, type Endpoint } from "./endpoint.ts";
import { fine, wrong, type Finding } from "./probe-finding.ts";
import { oneToken } from "./probe-group.ts";
import { ask, parsedJson } from "./probe-request.ts";

const timeoutMs = 120_000;
/** Each is a token of its own in every vocabulary. */
const words = 5_200;
const leastRead = 4_900;

const Counted = z.looseObject({ usage: z.looseObject({ prompt_tokens: z.number() }) });

const fix =
  "Raise the server's context length: vLLM --max-model-len, llama-server -c (per slot), Ollama num_ctx in a Modelfile.";

/** Whether a prompt of some five thousand tokens is read to its end: Ollama cuts it at 4,096 without a word. */
export async function probeTruncation(
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<Finding> {
  const what = "long prompts";
  const messages = [{ role: "user", content: "word ".repeat(words) }];
  const body = { ...oneToken, model: endpoint.model, messages };
  const answer = await ask(endpoint, dispatcher, { path: "/chat/completions", body, timeoutMs }, signal);
  if (answer === null) {
    return wrong(
      what,
      `no answer to ${words} words within ${timeoutMs / 1000} s`,
      "See the server's log and load.",
    );
  }
  if (answer.status !== 200) {
    return wrong(what, `${words} words were refused: ${quoteServer(answer.text, endpoint)}`, fix);
  }
  const counted = Counted.safeParse(parsedJson(answer.text));
  if (!counted.success) return fine(what, "the server does not tell what it read");
  const read = counted.data.usage.prompt_tokens;
  if (read > leastRead) return fine(what, `a prompt of ${read} tokens was read to its end`);
  return wrong(what, `of ${words} words only ${read} tokens were read, without a word`, fix);
}
