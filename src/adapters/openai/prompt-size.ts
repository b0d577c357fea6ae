import { estimateTokens } from "../../domain/token-estimate.ts";
import type { ChatMessage } from "../../domain/transcript.ts";

/** Tokens of a conversation where no server counts them. */
export const estimatedTokens = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
