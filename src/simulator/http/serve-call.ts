import type { IncomingMessage, ServerResponse } from "node:http";
import type { ChatMessage } from "../../domain/transcript.ts";
import { tokenCount } from "../engine/tokens.ts";
import { promptTokens, type GenerationCall } from "../generation.ts";
import type { SampleName } from "../replies.ts";
import type { ScriptedReply } from "../script/script.ts";
import type { Simulation } from "../simulation.ts";
import { sendAnswer } from "./answer-parts.ts";
import type { AnswerFormat } from "./answer-format.ts";
import { callOf, type CallBody } from "./call-body.ts";
import type { Dialect } from "./dialect.ts";
import { applyEarlyFault, type ServerControl } from "./early-fault.ts";
import { sendWhole, streamAnswer } from "./serve-answer.ts";

export type CallContext = {
  readonly simulation: Simulation;
  readonly dialect: Dialect;
  readonly control: ServerControl;
  readonly streamInterval: number;
  readonly parsesReasoning: boolean;
  readonly reportsCached: boolean;
  readonly abortBroken: boolean;
  /** Asks a real server for an answer that the script does not have. */
  readonly record: ((call: GenerationCall) => Promise<ScriptedReply>) | null;
};

export type ReceivedCall = {
  readonly kind: AnswerFormat["kind"];
  readonly body: CallBody;
  readonly messages: readonly ChatMessage[];
  readonly sample: SampleName | null;
};

/** Serves one call for a completion: checks, script, faults, then the answer at the engine's pace. */
export async function serveCall(
  context: CallContext,
  request: IncomingMessage,
  response: ServerResponse,
  received: ReceivedCall,
): Promise<void> {
  const { simulation, dialect } = context;
  const { body, sample, kind } = received;
  const asked = body.model ?? "";
  const model = servedName(simulation, dialect, asked);
  const engine = model === null ? null : simulation.engine(model);
  if (model === null || engine === null) return sendAnswer(response, dialect.unknownModel(asked));
  const { window, maxSequences, policy } = engine.parameters;
  const given = callOf(body, received.messages, model, sample);
  const call = dialect.ignoresN ? { ...given, n: 1 } : given;
  const refusal = dialect.refuse(call, { slots: maxSequences, priorities: policy === "priority" });
  if (refusal !== null) return sendAnswer(response, refusal);
  const reply = simulation.script.reply(call) ?? (await context.record?.(call)) ?? null;
  if (reply === null) {
    const { message, status } = simulation.script.missing(call);
    return sendAnswer(response, { ...dialect.serverError(message), status });
  }
  const faults = simulation.faults.select(call, reply);
  const size = { prompt: promptTokens(call.messages), wanted: call.maxTokens, window };
  for (const fault of faults) {
    const scene = { request, response, dialect, engine, control: context.control, model, size };
    if (await applyEarlyFault(fault, scene)) return;
  }
  const overflow = dialect.overflow(size);
  if (overflow !== null) return sendAnswer(response, overflow);
  const messages = lastTokens(call.messages, Math.min(dialect.readsOnly ?? window, window) - 1);
  const planned = simulation.plan({ ...call, messages }, reply, faults);
  const format: AnswerFormat = { ...context, kind, model, faults, usage: reply.usage };
  const streamed = body.stream === true;
  const abortsWhenLeft = !context.abortBroken && (streamed || !dialect.finishesUnstreamed);
  const scene = { simulation, response, planned, format, abortsWhenLeft };
  if (!streamed) return sendWhole(scene);
  await streamAnswer(scene, context.streamInterval, body.stream_options?.include_usage === true);
}

/** The model that answers to a name; null where the dialect says 404. */
function servedName(simulation: Simulation, dialect: Dialect, asked: string): string | null {
  if (simulation.engine(asked) !== null) return asked;
  return dialect.ignoresModel ? (simulation.modelNames()[0] ?? null) : null;
}

/** The end of a conversation, `tokens` long: what is left of a prompt that was cut without a word. */
function lastTokens(messages: readonly ChatMessage[], tokens: number): readonly ChatMessage[] {
  const kept: ChatMessage[] = [];
  let left = tokens;
  for (const message of messages.toReversed()) {
    if (left <= 0) break;
    const excess = tokenCount(message.content) - left;
    kept.unshift(
      excess > 0 ? { ...message, content: message.content.slice(-Math.floor((left * 16) / 5)) } : message,
    );
    left -= tokenCount(message.content);
  }
  return kept;
}
