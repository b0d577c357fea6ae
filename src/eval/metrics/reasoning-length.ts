import { quantile } from "../statistics/bootstrap.ts";

/** One answer as the model gave it. */
export type RawAnswer = {
  readonly text: string;
  /** Reasoning that the server split off, empty when it splits nothing. */
  readonly reasoning: string;
  /** Tokens of the reasoning as the model's own tokenizer counts them; null where nobody counted, never guessed. */
  readonly reasoningTokens: number | null;
  readonly cutByLimit: boolean;
};

export type ReasoningLength = {
  readonly words: number;
  /** Unicode characters. */
  readonly characters: number;
  readonly tokens: number | null;
  readonly blocks: number;
  readonly unclosed: boolean;
  readonly cutByLimit: boolean;
};

const block = /<think>([\s\S]*?)(<\/think>|$)/g;

/** Length of all that an answer thinks; a `</think>` without an opener closes a block that the prompt opened. */
export function reasoningLength(answer: RawAnswer): ReasoningLength {
  const opened = /^(?:(?!<think>)[\s\S])*?<\/think>/.test(answer.text)
    ? `<think>${answer.text}`
    : answer.text;
  const found = [...opened.matchAll(block)];
  const parts = [answer.reasoning, ...found.map(([, inner = ""]) => inner)].filter(
    (part) => part.trim() !== "",
  );
  const text = parts.join("\n").trim();
  return {
    words: text.split(/\s+/).filter((word) => word !== "").length,
    characters: Array.from(text).length,
    tokens: answer.reasoningTokens,
    blocks: parts.length,
    unclosed: found.some(([, , end]) => end === ""),
    cutByLimit: answer.cutByLimit,
  };
}

export type Spread = {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
};

/** Null of nothing. */
export function spread(values: readonly number[]): Spread | null {
  const ascending = values.toSorted((a, b) => a - b);
  const max = ascending.at(-1);
  if (max === undefined) return null;
  return {
    mean: ascending.reduce((sum, value) => sum + value, 0) / ascending.length,
    median: quantile(ascending, 0.5),
    p95: quantile(ascending, 0.95),
    max,
  };
}
