import type { IncomingMessage, ServerResponse } from "node:http";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import { sampleKey } from "../replies.ts";
import type { ReceivedCall } from "./serve-call.ts";

/** One request for a completion; `ended` is null while it is being answered, `sample` empty when it was not named. */
export type ServedRequest = {
  readonly sample: string;
  readonly model: string;
  readonly ended: "answered" | "client-left" | null;
};

/** One request for a completion that has ended; times are milliseconds since 1970. */
export type EndedRequest = ServedRequest & {
  /** Hash of the whole body: equal for the same question of the same run, whose seeds are its own. */
  readonly identity: string;
  /** What the client sent as its authorization, empty without one. */
  readonly client: string;
  readonly startedAt: number;
  readonly endedAt: number;
};

type Listener = (request: EndedRequest) => void;

/** Adds a call to the list, and how it ended once it has; `onEnded` is told then. */
export function noteRequest(
  requests: ServedRequest[],
  { sample, body }: ReceivedCall,
  request: IncomingMessage,
  response: ServerResponse,
  onEnded: Listener | null,
): void {
  const at = requests.length;
  const entry = { sample: sample === null ? "" : sampleKey(sample), model: body.model ?? "" };
  const startedAt = Date.now();
  requests.push({ ...entry, ended: null });
  response.once("close", () => {
    const ended = { ...entry, ended: response.writableFinished ? "answered" : "client-left" } as const;
    requests[at] = ended;
    onEnded?.({
      ...ended,
      identity: sha256(canonicalJson(body)),
      client: request.headers.authorization ?? "",
      startedAt,
      endedAt: Date.now(),
    });
  });
}
