import type { GenerationCall } from "../generation.ts";
import type { HttpAnswer } from "./answer-parts.ts";

export const dialectNames = ["vllm", "vllm-2025", "sglang", "llamacpp", "ollama"] as const;
export type DialectName = (typeof dialectNames)[number];

/** Sizes of a call, in tokens. */
export type CallSize = { readonly prompt: number; readonly wanted: number | null; readonly window: number };

/** Where servers that speak "the OpenAI API" differ. Sources are in docs/decisions/0012-simulator.md. */
export type Dialect = {
  readonly name: DialectName;
  /** Whom the model list calls the models' owner. */
  readonly owner: string;
  /** Field of a separated reasoning, where the server runs a reasoning parser. */
  readonly reasoningField: "reasoning" | "reasoning_content";
  /** Content of the chunk that names the role. */
  readonly roleContent: "" | null;
  /** One usage chunk for each choice of a stream, instead of one for all; a whole answer counts one choice. */
  readonly usagePerChoice: boolean;
  /** Unknown model names are answered by the first model. */
  readonly ignoresModel: boolean;
  readonly ignoresN: boolean;
  /** A client that leaves is not noticed while no stream is open. */
  readonly finishesUnstreamed: boolean;
  /** Whether it can be put to sleep. */
  readonly sleeps: boolean;
  /** Null: prompts of any length are served, but only so many tokens of their end are read. */
  readonly readsOnly: number | null;
  needsKey(path: string): boolean;
  unauthorized(): HttpAnswer;
  badRequest(message: string): HttpAnswer;
  unknownModel(model: string): HttpAnswer;
  unknownPath(): HttpAnswer;
  serverError(message: string): HttpAnswer;
  overloaded(status: 429 | 503, headers: Readonly<Record<string, string>>): HttpAnswer;
  /** What is wrong with a call, null when nothing is. */
  refuse(
    call: GenerationCall,
    limits: { readonly slots: number; readonly priorities: boolean },
  ): HttpAnswer | null;
  /** Refusal of a prompt that does not fit, null when it is served. */
  overflow(size: CallSize): HttpAnswer | null;
};

type ErrorFields = { readonly type: string; readonly param?: string | null; readonly code?: number | null };

export const errorAnswer = (
  status: number,
  message: string,
  fields: ErrorFields & Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ status, headers, body: { error: { message, param: null, code: status, ...fields } } });
