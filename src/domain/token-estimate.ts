const charactersPerToken = 3.2;

/** Tokens of a text when no tokenizer is at hand: 3.2 characters each, which fits code and English of Qwen-like vocabularies. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / charactersPerToken);
