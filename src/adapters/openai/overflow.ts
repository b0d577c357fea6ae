const overflowTexts = [
  /maximum context length/i,
  /model's (?:maximum )?context length/i,
  /exceeds? the (?:available )?context (?:size|length|window)/i,
  /longer than the (?:model's|maximum) (?:context|input|model) length/i,
  /\bmax_(?:completion_)?tokens'? .*is too large/i,
  /context_length_exceeded|exceed_context_size/i,
];

/**
 * Whether a server's refusal means that prompt and answer do not fit the window together. The texts of vLLM, SGLang
 * and llama.cpp differ by version, so they are recognised by their common words.
 */
export const isOverflow = (text: string): boolean => overflowTexts.some((pattern) => pattern.test(text));
