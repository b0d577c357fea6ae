import type { ServerResponse } from "node:http";
import { tokenEnd } from "../engine/tokens.ts";
import type { PlannedCall } from "../generation.ts";
import type { Simulation } from "../simulation.ts";
import { openEventStream, pause, sendAnswer } from "./answer-parts.ts";
import {
  contentChunks,
  emptyChunk,
  finishChunk,
  roleChunk,
  usageChunk,
  wholeAnswer,
  type AnswerFormat,
  type FinishedChoice,
} from "./answer-format.ts";
import { createEventWriter } from "./event-writer.ts";

export type AnswerScene = {
  readonly simulation: Simulation;
  readonly response: ServerResponse;
  readonly planned: PlannedCall;
  readonly format: AnswerFormat;
  /** Whether a client that leaves frees its place. */
  readonly abortsWhenLeft: boolean;
};

/** Streams the answers as their tokens come; each `interval` tokens make a chunk. */
export async function streamAnswer(
  scene: AnswerScene,
  interval: number,
  includeUsage: boolean,
): Promise<void> {
  const { simulation, response, planned, format } = scene;
  const { dialect, faults } = format;
  const writer = createEventWriter(
    response,
    faults,
    dialect.serverError("EngineCore encountered an issue.").body,
  );
  const finished = new Map<number, FinishedChoice>();
  const said = planned.answers.map(() => 0);
  const say = (choice: number, tokens: number): void => {
    const { text } = planned.answers[choice] ?? { text: "" };
    const from = said[choice] ?? 0;
    const to = tokenEnd(text, tokens);
    if (to <= from) return;
    said[choice] = to;
    for (const part of contentChunks(format, choice, text, from, to)) writer.send(part);
  };
  const allEnded = (): void => {
    if (includeUsage && !dialect.usagePerChoice) writer.send(usageChunk(format, inOrder(finished)));
    writer.finish();
  };
  if (faults.some(({ kind }) => kind === "empty-choices")) {
    openEventStream(response);
    writer.send(emptyChunk(format));
    return writer.finish();
  }
  for (const fault of faults) {
    if (fault.kind !== "delay-first-token") continue;
    openEventStream(response);
    await pause(response, fault.ms);
  }
  const handle = simulation.start(planned, {
    onToken(choice, generated) {
      const role = generated === 1 ? roleChunk(format, choice) : null;
      if (role !== null) writer.send(role);
      if (generated % interval === 0) say(choice, generated);
    },
    onEnd(choice, answer, end) {
      if (end.reason === "crashed") response.destroy();
      if (end.reason !== "finished" && end.reason !== "slept") return;
      const given = end.reason === "slept" ? { ...answer, tokens: end.generatedTokens } : answer;
      say(choice, given.tokens);
      writer.send(finishChunk(format, choice, end.reason === "slept" ? "abort" : answer.finish));
      finished.set(choice, { answer: given, end });
      if (includeUsage && dialect.usagePerChoice) writer.send(usageChunk(format, [{ answer: given, end }]));
      if (finished.size === planned.answers.length) allEnded();
    },
  });
  if ("rejected" in handle) return sendAnswer(response, dialect.overloaded(503, {}));
  if (!response.headersSent) openEventStream(response);
  if (scene.abortsWhenLeft) response.once("close", () => handle.abort());
}

/** Answers when everything is there. */
export function sendWhole(scene: AnswerScene): void {
  const { simulation, response, planned, format } = scene;
  const finished = new Map<number, FinishedChoice>();
  const handle = simulation.start(planned, {
    onEnd(choice, answer, end) {
      if (end.reason === "crashed" || end.reason === "slept") response.destroy();
      if (end.reason !== "finished") return;
      finished.set(choice, { answer, end });
      if (finished.size === planned.answers.length)
        sendBody(response, format, wholeAnswer(format, inOrder(finished)));
    },
  });
  if ("rejected" in handle) return sendAnswer(response, format.dialect.overloaded(503, {}));
  if (scene.abortsWhenLeft) response.once("close", () => handle.abort());
}

const inOrder = (finished: ReadonlyMap<number, FinishedChoice>): readonly FinishedChoice[] =>
  [...finished].sort(([a], [b]) => a - b).map(([, choice]) => choice);

/** Faults of streams happen to a whole answer in the middle of its body. */
function sendBody(response: ServerResponse, format: AnswerFormat, body: string): void {
  const breaking = format.faults.find((fault) => "chunks" in fault);
  if (breaking?.kind === "stall") return;
  if (breaking?.kind === "error-event") {
    return sendAnswer(response, format.dialect.serverError("EngineCore encountered an issue."));
  }
  if (response.destroyed) return;
  const headers = { "content-type": "application/json" };
  if (breaking?.kind === "reset-after") {
    response.writeHead(200, { ...headers, "content-length": String(Buffer.byteLength(body)) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
    return;
  }
  response.writeHead(200, headers);
  response.end(breaking === undefined ? body : body.slice(0, body.length / 2));
}
