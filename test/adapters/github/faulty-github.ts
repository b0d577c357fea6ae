import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Probot } from "probot";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import type { TakeDuty } from "../../../src/adapters/github/only-one.ts";
import { UnthrottledOctokit } from "../../../src/wire/unthrottled-octokit.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Forges } from "../../../src/ports/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeGitHubWorld, worldSecret, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import type { TreeFiles } from "../../fixtures/make-repository.ts";

export type Passing = {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  /** Whether it changes something on GitHub. */
  readonly write: boolean;
};

/** `lost` and `unanswered`: the connection breaks before, and after GitHub has done it. */
export type Fate =
  | "passes"
  | "lost"
  | "unanswered"
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly done?: boolean;
      readonly message?: string;
    };

/** The way to GitHub, on which requests get lost. */
export type Wire = {
  readonly url: string;
  /** `METHOD path` of the requests that came this far and change something, in order; minting tokens is not among them. */
  readonly writes: string[];
  /** What becomes of each request; may wait. Everything passes until this is set. */
  fate: (request: Passing) => Fate | Promise<Fate>;
  close(): void;
};

export type FaultyWorld = GitHubWorld & {
  readonly wire: Wire;
  /** The forges of one more process; Probot's own retries are on, as in production. Without `takeDuty` it is alone. */
  startProcess(clock?: Clock, takeDuty?: TakeDuty): Forges;
};

const passes = (): Fate => "passes";

async function openWire(target: string): Promise<Wire> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: [],
    fate: passes,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  server.on("request", (request, response) => {
    carry(wire, target, request, response).catch(() => request.socket.destroy());
  });
  return wire;
}

async function carry(
  wire: Wire,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const method = request.method ?? "GET";
  const path = request.url ?? "/";
  const [, token = ""] = (request.headers.authorization ?? "").split(" ");
  const write = method !== "GET" && !path.endsWith("/access_tokens");
  if (write) wire.writes.push(`${method} ${path}`);
  const fate = await wire.fate({ method, path, token, write });
  if (fate === "lost") return void request.socket.destroy();
  if (typeof fate === "object" && fate.done !== true) return refuse(response, fate);
  const answer = await fetch(`${target}${path}`, {
    method,
    headers: {
      authorization: request.headers.authorization ?? "",
      accept: request.headers.accept ?? "",
      "content-type": "application/json",
    },
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  const body = await answer.text();
  if (fate === "unanswered") return void request.socket.destroy();
  if (typeof fate === "object") return refuse(response, fate);
  response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8" }).end(body);
}

function refuse(response: ServerResponse, { status, headers, message }: Exclude<Fate, string>): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify({ message: message ?? "out of order" }));
}

export async function makeFaultyWorld(files: TreeFiles): Promise<FaultyWorld> {
  const world = await makeGitHubWorld(files);
  const { github } = world;
  const wire = await openWire(github.url);
  return {
    ...world,
    wire,
    startProcess(clock = createFixedClock(), takeDuty) {
      const probot = new Probot({
        appId: github.appId,
        privateKey: github.privateKey,
        secret: worldSecret,
        baseUrl: wire.url,
        Octokit: UnthrottledOctokit,
        logLevel: "fatal",
      });
      return createGitHubForges({
        octokitForInstallation: (id) => probot.auth(id),
        webUrl: github.url,
        clock,
        logger: createSilentLogger(),
        ...(takeDuty === undefined ? {} : { takeDuty }),
      });
    },
    async close() {
      wire.close();
      await world.close();
    },
  };
}
