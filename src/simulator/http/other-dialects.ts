import type { HttpAnswer } from "./answer-parts.ts";
import { errorAnswer, type Dialect, type DialectName } from "./dialect.ts";
import { vllm, vllm2025 } from "./vllm.ts";

/** SGLang puts its errors at the top level. */
const flat = (status: number, message: string, type: string): HttpAnswer => ({
  status,
  body: { object: "error", message, type, param: null, code: status },
});

const sglang: Dialect = {
  ...vllm,
  name: "sglang",
  owner: "sglang",
  reasoningField: "reasoning_content",
  // It takes any name for its one model.
  ignoresModel: true,
  sleeps: false,
  badRequest: (message) => flat(400, message, "BadRequestError"),
  serverError: (message) => flat(500, message, "InternalServerError"),
  refuse: () => null,
  overflow({ prompt, wanted, window }) {
    if (prompt + (wanted ?? 1) <= window) return null;
    const message =
      prompt >= window
        ? `The input (${prompt} tokens) is longer than the model's context length (${window} tokens).`
        : `Requested token count exceeds the model's maximum context length of ${window} tokens. You requested a total ` +
          `of ${prompt + (wanted ?? 1)} tokens: ${prompt} tokens from the input messages and ${wanted ?? 1} tokens for ` +
          `the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.`;
    return flat(400, message, "BadRequestError");
  },
};

const invalid = (message: string): HttpAnswer => errorAnswer(400, message, { type: "invalid_request_error" });

/** llama-server, checked against the real one in test/simulator/llama-server.test.ts. */
const llamacpp: Dialect = {
  ...vllm,
  name: "llamacpp",
  owner: "llamacpp",
  reasoningField: "reasoning_content",
  roleContent: null,
  usagePerChoice: true,
  ignoresModel: true,
  finishesUnstreamed: true,
  sleeps: false,
  needsKey: (path) => path !== "/health",
  unauthorized: () => errorAnswer(401, "Invalid API Key", { type: "authentication_error" }),
  badRequest: invalid,
  unknownPath: () => errorAnswer(404, "File Not Found", { type: "not_found_error" }),
  serverError: (message) => errorAnswer(500, message, { type: "server_error" }),
  overloaded: (status, headers) =>
    errorAnswer(status, "Loading model", { type: "unavailable_error" }, headers),
  refuse: ({ n }, { slots }) =>
    n <= slots ? null : invalid(`Field 'n': Value must be between 1 <= value <= ${slots}, but got ${n}`),
  // What was wanted on top of the prompt does not matter: the answer ends where the slot does.
  overflow({ prompt, window }) {
    if (prompt < window) return null;
    const message = `request (${prompt} tokens) exceeds the available context size (${window} tokens), try increasing it`;
    return errorAnswer(400, message, {
      type: "exceed_context_size_error",
      n_prompt_tokens: prompt,
      n_ctx: window,
    });
  },
};

const ollama: Dialect = {
  ...vllm,
  name: "ollama",
  owner: "library",
  ignoresN: true,
  sleeps: false,
  readsOnly: 4_096,
  needsKey: () => false,
  badRequest: invalid,
  unknownModel: (model) => errorAnswer(404, `model '${model}' not found`, { type: "not_found_error" }),
  unknownPath: () => ({ status: 404, body: "404 page not found" }),
  serverError: (message) => errorAnswer(500, message, { type: "api_error" }),
  refuse: () => null,
  overflow: () => null,
};

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  vllm,
  "vllm-2025": vllm2025,
  sglang,
  llamacpp,
  ollama,
};
