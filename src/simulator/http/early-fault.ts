import type { IncomingMessage, ServerResponse } from "node:http";
import type { Engine } from "../engine/engine.ts";
import type { ServerFault } from "../script/faults.ts";
import { openEventStream, pause, sendAnswer, sendText } from "./answer-parts.ts";
import type { CallSize, Dialect } from "./dialect.ts";

/** What faults do to the server as a whole. */
export type ServerControl = {
  /** Closes the port and every connection for so many real milliseconds. */
  refuse(milliseconds: number): void;
  /** Ends all answers, forgets the caches, and is not healthy for so many real milliseconds. */
  restart(milliseconds: number): void;
};

type Scene = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly dialect: Dialect;
  readonly engine: Engine;
  readonly control: ServerControl;
  readonly model: string;
  readonly size: CallSize;
};

const htmlPage = "<html><head><title>Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
const piece = "a".repeat(64 * 1024);

/** Does what a fault does before any word of the answer; true when that was the whole answer. */
export async function applyEarlyFault(fault: ServerFault, scene: Scene): Promise<boolean> {
  const { response, dialect, engine, control, model, size } = scene;
  switch (fault.kind) {
    case "delay-headers":
      await pause(response, fault.ms);
      return response.destroyed;
    case "slow":
      engine.slowDown(fault.factor);
      return false;
    case "hang":
      return true;
    case "reset":
      scene.request.socket.destroy();
      return true;
    case "refuse":
      control.refuse(fault.ms);
      return true;
    case "restart":
      control.restart(fault.ms);
      scene.request.socket.destroy();
      return true;
    case "html":
      sendAnswer(response, { status: fault.status, body: htmlPage });
      return true;
    case "overflow":
      sendAnswer(
        response,
        dialect.overflow({ ...size, prompt: size.window, wanted: size.wanted ?? 1 }) ??
          dialect.badRequest("input length and max tokens exceed the context length"),
      );
      return true;
    case "unauthorized":
      sendAnswer(response, dialect.unauthorized());
      return true;
    case "not-found":
      sendAnswer(response, dialect.unknownModel(model));
      return true;
    case "server-error":
      sendAnswer(response, dialect.serverError("EngineCore encountered an issue."));
      return true;
    case "overload":
      sendAnswer(
        response,
        dialect.overloaded(
          fault.status,
          fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter },
        ),
      );
      return true;
    case "endless":
      openEventStream(response);
      while (await sendText(response, endlessEvent));
      return true;
    case "huge":
      await sendHuge(response, fault.bytes);
      return true;
    case "delay-first-token":
    case "delay-chunks":
    case "stall":
    case "reset-after":
    case "end-early":
    case "half-line":
    case "bad-json":
    case "error-event":
    case "empty":
    case "empty-choices":
    case "null-content":
    case "no-role":
    case "cut-in-reasoning":
    case "token-loop":
    case "wrong-usage":
      return false;
  }
}

const endlessEvent = 'data: {"choices":[{"index":0,"delta":{"content":" tick tock"}}]}\n\n';

/** One event that does not end within `bytes`. */
async function sendHuge(response: ServerResponse, bytes: number): Promise<void> {
  openEventStream(response);
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  for (let sent = 0; sent < bytes; sent += piece.length) {
    if (!(await sendText(response, piece))) return;
  }
  response.end('"}}]}\n\ndata: [DONE]\n\n');
}
