import type { SequenceEnd } from "../engine/sequence.ts";
import type { PlannedAnswer } from "../generation.ts";
import type { ServerFault } from "../script/faults.ts";
import type { Dialect } from "./dialect.ts";

export type FinishedChoice = { readonly answer: PlannedAnswer; readonly end: SequenceEnd };

/** How answers are written down for one call. */
export type AnswerFormat = {
  readonly kind: "chat" | "completion";
  readonly model: string;
  readonly dialect: Dialect;
  /** Whether the server separates reasoning from the answer. */
  readonly parsesReasoning: boolean;
  readonly reportsCached: boolean;
  readonly faults: readonly ServerFault[];
  /** What the script claims instead of the count. */
  readonly usage: { readonly prompt: number; readonly completion: number } | null;
};

const has = (format: AnswerFormat, kind: ServerFault["kind"]): boolean =>
  format.faults.some((fault) => fault.kind === kind);

const envelope = (format: AnswerFormat, object: string, fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ id: "chatcmpl-simulated", object, created: 0, model: format.model, ...fields });

const chunk = (format: AnswerFormat, fields: Readonly<Record<string, unknown>>): string =>
  envelope(format, format.kind === "chat" ? "chat.completion.chunk" : "text_completion", fields);

/** First chunk of a choice; null where none is sent. */
export function roleChunk(format: AnswerFormat, choice: number): string | null {
  if (format.kind === "completion" || has(format, "no-role")) return null;
  const delta = { role: "assistant", content: format.dialect.roleContent };
  return chunk(format, { choices: [{ index: choice, delta, finish_reason: null }] });
}

/** Chunks for the characters from `from` to `to` of an answer; two where reasoning ends between them. */
export function contentChunks(
  format: AnswerFormat,
  choice: number,
  text: string,
  from: number,
  to: number,
): string[] {
  if (format.kind === "completion") {
    const choices = [{ index: choice, text: text.slice(from, to), finish_reason: null }];
    return [chunk(format, { choices })];
  }
  return deltas(format, text, from, to).map((delta) =>
    chunk(format, {
      choices: [
        {
          index: choice,
          delta: has(format, "null-content") ? { content: null } : delta,
          finish_reason: null,
        },
      ],
    }),
  );
}

function deltas(
  format: AnswerFormat,
  text: string,
  from: number,
  to: number,
): Readonly<Record<string, string>>[] {
  const { reasoning, answer } = partsOf(format, text);
  const parts = [
    [format.dialect.reasoningField, text.slice(Math.max(from, reasoning[0]), Math.min(to, reasoning[1]))],
    ["content", text.slice(Math.max(from, answer), to)],
  ] as const;
  return parts.filter(([, part]) => part !== "").map(([field, part]) => ({ [field]: part }));
}

/** Where in a text the separated reasoning is, and where the rest begins. */
function partsOf(
  format: AnswerFormat,
  text: string,
): { reasoning: readonly [number, number]; answer: number } {
  if (!format.parsesReasoning || !text.startsWith("<think>")) return { reasoning: [0, 0], answer: 0 };
  const end = text.indexOf("</think>");
  if (end === -1) return { reasoning: ["<think>".length, text.length], answer: text.length };
  return { reasoning: ["<think>".length, end], answer: end + "</think>".length };
}

export function finishChunk(format: AnswerFormat, choice: number, finish: string): string {
  const body = format.kind === "chat" ? { delta: {} } : { text: "" };
  return chunk(format, { choices: [{ index: choice, ...body, finish_reason: finish }] });
}

export const usageChunk = (format: AnswerFormat, choices: readonly FinishedChoice[]): string =>
  chunk(format, { choices: [], usage: usageOf(format, choices) });

export const emptyChunk = (format: AnswerFormat): string => chunk(format, { choices: [] });

/** The body of an answer that is not streamed. */
export function wholeAnswer(format: AnswerFormat, finished: readonly FinishedChoice[]): string {
  const choices = has(format, "empty-choices")
    ? []
    : finished.map(({ answer }, index) => ({
        index,
        ...(format.kind === "chat" ? { message: messageOf(format, answer.text) } : { text: answer.text }),
        finish_reason: answer.finish,
      }));
  const counted = format.dialect.usagePerChoice ? finished.slice(0, 1) : finished;
  return envelope(format, format.kind === "chat" ? "chat.completion" : "text_completion", {
    choices,
    usage: usageOf(format, counted),
  });
}

function messageOf(format: AnswerFormat, text: string): Readonly<Record<string, string | null>> {
  const { reasoning, answer } = partsOf(format, text);
  const thought = text.slice(...reasoning);
  const content = answer === text.length && thought !== "" ? null : text.slice(answer);
  return {
    ...(has(format, "no-role") ? {} : { role: "assistant" }),
    content: has(format, "null-content") ? null : content,
    ...(thought === "" ? {} : { [format.dialect.reasoningField]: thought }),
  };
}

function usageOf(
  format: AnswerFormat,
  choices: readonly FinishedChoice[],
): Readonly<Record<string, unknown>> {
  const factor = format.faults.reduce(
    (product, fault) => (fault.kind === "wrong-usage" ? product * fault.factor : product),
    1,
  );
  const counted = choices.reduce((sum, { answer }) => sum + answer.tokens, 0);
  const prompt = Math.round((format.usage?.prompt ?? choices[0]?.end.promptTokens ?? 0) * factor);
  const completion = Math.round((format.usage?.completion ?? counted) * factor);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(format.reportsCached
      ? { prompt_tokens_details: { cached_tokens: choices[0]?.end.cachedTokens ?? 0 } }
      : {}),
  };
}
