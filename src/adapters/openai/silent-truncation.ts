import type { ChatMessage } from "../../domain/transcript.ts";
import { estimatedTokens } from "./prompt-size.ts";

/** Below this no default context cuts anything. */
const smallPrompt = 3_000;
const leastShare = 0.6;

/**
 * What is wrong when a server counted `counted` tokens of a prompt that is much longer: it has read only a part of it
 * and did not say so. Null when the count can be right. Runs of blanks and rules are few tokens, so they count once.
 */
export function truncationIn(messages: readonly ChatMessage[], counted: number): string | null {
  const expected = estimatedTokens(
    messages.map((message) => ({ ...message, content: message.content.replace(/([\s\-=*#_.~])\1+/g, "$1") })),
  );
  if (expected <= smallPrompt || counted >= expected * leastShare) return null;
  return (
    `read only ${counted} of about ${expected} prompt tokens and did not say so; ` +
    `raise the server's context setting (num_ctx in Ollama's Modelfile, --ctx-size of llama-server)`
  );
}
