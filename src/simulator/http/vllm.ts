import { errorAnswer, type CallSize, type Dialect } from "./dialect.ts";

const badRequest = (message: string) => errorAnswer(400, message, { type: "BadRequestError" });

/** vLLM as of 2026. */
export const vllm: Dialect = {
  name: "vllm",
  owner: "vllm",
  reasoningField: "reasoning",
  roleContent: "",
  usagePerChoice: false,
  ignoresModel: false,
  ignoresN: false,
  finishesUnstreamed: false,
  sleeps: true,
  readsOnly: null,
  needsKey: (path) => path.startsWith("/v1"),
  unauthorized: () => ({ status: 401, body: { error: "Unauthorized" } }),
  badRequest,
  unknownModel: (model) =>
    errorAnswer(404, `The model \`${model}\` does not exist.`, { type: "NotFoundError", param: "model" }),
  unknownPath: () => ({ status: 404, body: { detail: "Not Found" } }),
  serverError: (message) => errorAnswer(500, message, { type: "InternalServerError" }),
  overloaded: (status, headers) =>
    errorAnswer(status, "The server is overloaded.", { type: "ServiceUnavailableError" }, headers),
  refuse(call, { priorities }) {
    if (call.priority === 0 || priorities) return null;
    return badRequest("Got priority but Priority scheduling is not enabled.");
  },
  overflow({ prompt, wanted, window }) {
    const most = window - (wanted ?? 1);
    if (prompt <= most) return null;
    const message =
      `You passed ${prompt} input tokens and requested ${wanted ?? 1} output tokens. However, the model's context ` +
      `length is only ${window} tokens, resulting in a maximum input length of ${most} tokens. Please reduce the ` +
      `length of the input prompt.`;
    return errorAnswer(400, message, { type: "BadRequestError", param: "input_tokens" });
  },
};

/** vLLM in 2025: other names and texts. */
export const vllm2025: Dialect = {
  ...vllm,
  name: "vllm-2025",
  reasoningField: "reasoning_content",
  overflow(size) {
    if (size.prompt + (size.wanted ?? 1) <= size.window) return null;
    return badRequest(size.prompt < size.window ? tooManyWanted(size) : tooMuchAsked(size));
  },
};

const tooMuchAsked = ({ prompt, wanted, window }: CallSize): string =>
  `This model's maximum context length is ${window} tokens. However, you requested ${prompt + (wanted ?? 1)} tokens ` +
  `(${prompt} in the messages, ${wanted ?? 1} in the completion). Please reduce the length of the messages or completion.`;

const tooManyWanted = ({ prompt, wanted, window }: CallSize): string =>
  `'max_tokens' or 'max_completion_tokens' is too large: ${wanted}. This model's maximum context length is ${window} ` +
  `tokens and your request has ${prompt} input tokens (${wanted} > ${window} - ${prompt}).`;
