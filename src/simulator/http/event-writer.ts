import type { ServerResponse } from "node:http";
import type { ServerFault } from "../script/faults.ts";
import { pause, sendText } from "./answer-parts.ts";

export type EventWriter = {
  /** Queues one server-sent event. */
  send(data: string): void;
  /** Queues `[DONE]` and the end of the stream. */
  finish(): void;
};

type StreamFault = Extract<ServerFault, { readonly chunks: number }>;

/** Writes a stream in order, at the client's pace, and breaks it where a fault says so. */
export function createEventWriter(
  response: ServerResponse,
  faults: readonly ServerFault[],
  errorBody: unknown,
): EventWriter {
  const breaking = faults.find((fault): fault is StreamFault => "chunks" in fault);
  const delayMs = faults.reduce((sum, fault) => (fault.kind === "delay-chunks" ? sum + fault.ms : sum), 0);
  let sent = 0;
  let broken = false;
  let tail: Promise<unknown> = Promise.resolve();
  const breakHere = async (next: string): Promise<void> => {
    broken = true;
    if (breaking !== undefined) await breakStream(response, breaking, next, errorBody);
  };
  const deliver = async (data: string): Promise<void> => {
    if (broken) return;
    if (breaking !== undefined && sent >= breaking.chunks) return breakHere(data);
    await pause(response, delayMs);
    await sendText(response, `data: ${data}\n\n`);
    sent += 1;
  };
  const queue = (work: () => Promise<unknown>): void => {
    tail = tail.then(work, work);
  };
  return {
    send: (data) => queue(() => deliver(data)),
    finish: () =>
      queue(async () => {
        if (broken) return;
        // An answer shorter than the fault expected breaks at its end.
        if (breaking !== undefined) return breakHere('{"choices": []}');
        await sendText(response, "data: [DONE]\n\n");
        response.end();
      }),
  };
}

async function breakStream(
  response: ServerResponse,
  fault: StreamFault,
  next: string,
  errorBody: unknown,
): Promise<void> {
  const half = next.slice(0, Math.ceil(next.length / 2));
  switch (fault.kind) {
    case "stall":
      return;
    case "reset-after":
      // What was written must reach the client before the connection breaks.
      await pause(response, 20);
      response.destroy();
      return;
    case "end-early":
      response.end();
      return;
    case "half-line":
      response.end(`data: ${half}`);
      return;
    case "bad-json":
      response.end(`data: ${half}\n\n`);
      return;
    case "error-event":
      response.end(`data: ${JSON.stringify(errorBody)}\n\ndata: [DONE]\n\n`);
      return;
  }
}
