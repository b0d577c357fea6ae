/** Tokens that a refused call has and may have, where the server says so. */
export type OverflowSizes = { readonly prompt: number | null; readonly window: number | null };

const overflowTexts = [
  /maximum context length/i,
  /model's (?:maximum )?context length/i,
  /exceeds? the (?:available )?(?:model's )?(?:maximum )?context (?:size|length|window)/i,
  /longer than the (?:model's|maximum) (?:context|input|model) length/i,
  /\bmax_(?:completion_)?tokens'? .{0,200}is too large/i,
  /context_length_exceeded|exceed_context_size/i,
];

const promptSizes = [
  /(\d+) input tokens/i,
  /\((\d+) in the messages/i,
  /(\d+) tokens from the input/i,
  /(?:input|request) \((\d+) tokens\)/i,
  /prompt \(length (\d+)\)/i,
  /"n_prompt_tokens":\s*(\d+)/,
];

const windowSizes = [
  /"n_ctx":\s*(\d+)/,
  /context (?:length|size|window)(?: is| of)?(?: only)? \(?(\d+) tokens/i,
  /(?:model length of|window is) (\d+)/i,
];

/**
 * What a server's refusal says when prompt and answer do not fit the window together, else null. The texts of vLLM,
 * SGLang and llama.cpp differ by version, so they are recognised by their common words.
 */
export function overflowIn(text: string): OverflowSizes | null {
  if (!overflowTexts.some((pattern) => pattern.test(text))) return null;
  return { prompt: firstNumber(text, promptSizes), window: firstNumber(text, windowSizes) };
}

function firstNumber(text: string, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = Number(pattern.exec(text)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(found) && found > 0) return found;
  }
  return null;
}
