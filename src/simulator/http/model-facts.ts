import { z } from "zod";
import { tokenCount } from "../engine/tokens.ts";
import { promptTokens } from "../generation.ts";
import type { Simulation } from "../simulation.ts";
import type { HttpAnswer } from "./answer-parts.ts";
import { ChatBody } from "./call-body.ts";
import type { Dialect } from "./dialect.ts";

export const modelList = (simulation: Simulation, { owner }: Dialect): HttpAnswer => ({
  status: 200,
  body: {
    object: "list",
    data: simulation.modelNames().map((id) => ({
      id,
      object: "model",
      created: 0,
      owned_by: owner,
      max_model_len: simulation.engine(id)?.parameters.window,
    })),
  },
});

const Conversation = ChatBody.pick({ messages: true });
const Prompt = z.looseObject({ prompt: z.string() });
const Content = z.looseObject({ content: z.string() });

/** vLLM takes messages or a prompt and counts; llama-server takes `content` and lists the tokens. */
export function tokenized(simulation: Simulation, dialect: Dialect, body: unknown): HttpAnswer {
  const content = Content.safeParse(body);
  if (content.success) {
    const tokens = Array.from({ length: tokenCount(content.data.content) }, (_, at) => at);
    return { status: 200, body: { tokens } };
  }
  const prompt = Prompt.safeParse(body);
  const conversation = Conversation.safeParse(body);
  if (!prompt.success && !conversation.success) {
    return dialect.badRequest(z.prettifyError(conversation.error));
  }
  const count = prompt.success
    ? tokenCount(prompt.data.prompt)
    : promptTokens(conversation.data?.messages ?? []);
  const [first = ""] = simulation.modelNames();
  return { status: 200, body: { count, max_model_len: simulation.engine(first)?.parameters.window } };
}
