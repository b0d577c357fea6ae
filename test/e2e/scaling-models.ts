import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { sampleReplies } from "../../src/demo/sample.ts";
import { parseReplies } from "../../src/simulator/replies.ts";
import { startModelServer, type ModelServer } from "../../src/simulator/server.ts";

/** The demo's recorded models behind a gate: a run comes just as far as the test lets it, however fast machines are. */
export type GatedModels = {
  readonly url: string;
  /** What came through the gate. */
  readonly requests: ModelServer["requests"];
  /** Lets through the questions for so many candidates, those that wait included. */
  open(candidates: number): void;
  /** How many questions wait whose askers still listen. */
  hanging(): number;
  stop(): Promise<void>;
};

export async function startGatedModels(): Promise<GatedModels> {
  const models = await startModelServer({
    replies: parseReplies(await readFile(sampleReplies, "utf8"), sampleReplies),
  });
  let opened = 0;
  let waiting: { readonly candidate: number; readonly pass: () => void; readonly left: () => boolean }[] = [];

  const gate = createServer((request, response) => {
    const candidate = candidateOf(request);
    const pass = (): void => passOn(models.url, request, response);
    if (candidate === null || candidate < opened) pass();
    else waiting.push({ candidate, pass, left: () => response.destroyed });
  });
  gate.listen(0, "127.0.0.1");
  await once(gate, "listening");

  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    requests: () => models.requests(),
    open(candidates) {
      opened = candidates;
      const passing = waiting.filter(({ candidate }) => candidate < opened);
      waiting = waiting.filter(({ candidate }) => candidate >= opened);
      for (const { pass } of passing) pass();
    },
    hanging: () => waiting.filter(({ left }) => !left()).length,
    async stop() {
      gate.closeAllConnections();
      gate.close();
      await models.stop();
    },
  };
}

/** Which candidate a request asks for, null when it asks for something else. */
function candidateOf(request: IncomingMessage): number | null {
  const [, index] = /^generate\/(\d+)\//.exec(String(request.headers["x-copatcher-sample"])) ?? [];
  return index === undefined ? null : Number(index);
}

function passOn(url: string, request: IncomingMessage, response: ServerResponse): void {
  // who asked has died while it waited
  if (response.destroyed) return;
  const { method, headers } = request;
  const passed = ask(new URL(request.url ?? "/", url), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  response.on("close", () => passed.destroy());
  request.pipe(passed);
}
