import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { GitHubRefusal, notFound, type Answer } from "./answer.ts";
import type { Credentials } from "./credentials.ts";
import { basicToken, readableGitPath, serveGit } from "./git-http.ts";
import type { Route } from "./route.ts";

export type OverlayParts = {
  readonly credentials: Credentials;
  readonly routes: readonly Route[];
  /** Sends a request on to emulate; `path` has the query in it. */
  readonly forward: (request: IncomingMessage, path: string, body: Buffer) => Promise<Answer>;
  /** Reads another path with the credentials of a request. */
  readonly look: (request: IncomingMessage, path: string) => Promise<Answer>;
  readonly hookPath: string;
  /** Receives what emulate wants to tell the App; settles when the App has answered. */
  readonly onHook: (event: string, body: Buffer) => Promise<void>;
  readonly gitDirectory: string;
  /** Path of the repository's git address, e.g. `/owner/name.git`. */
  readonly gitPath: string;
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer): void {
  const bytes =
    answer.body === null
      ? Buffer.alloc(0)
      : Buffer.isBuffer(answer.body)
        ? answer.body
        : Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    "content-type": "application/json; charset=utf-8",
    ...answer.headers,
    "content-length": String(bytes.byteLength),
  });
  response.end(bytes);
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new GitHubRefusal(400, "Problems parsing JSON");
  }
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    throw notFound();
  }
}

/** Refuses tokens nobody issued, and tokens whose rights do not reach as far as the route needs. */
function checkRights(parts: OverlayParts, authorization: string | undefined, route: Route | undefined): void {
  const token = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new GitHubRefusal(401, "Requires authentication");
  const needed = route?.contents ?? "none";
  if (token.startsWith("eyJ") && needed === "none") return;
  const granted = parts.credentials.contents(token);
  if (granted === null) throw new GitHubRefusal(401, "Bad credentials");
  if (needed === "none" || granted === "write" || granted === needed) return;
  throw new GitHubRefusal(403, "Resource not accessible by integration");
}

async function answerRest(
  parts: OverlayParts,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Answer> {
  const body = await readBody(request);
  const method = request.method ?? "GET";
  const matches = (route: Route): boolean =>
    (route.method === "*" || route.method === method) && route.pattern.test(path);
  const route = parts.routes.find(matches);
  checkRights(parts, request.headers.authorization, route);
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  const ask = (asked: string): Promise<Answer> => parts.forward(request, asked, body);
  const asked = `${path}${search}`;
  if (route === undefined) return ask(asked);
  const groups = route.pattern.exec(path)?.slice(1) ?? [];
  return route.handle({
    method,
    query,
    accept: request.headers.accept ?? "",
    parts: groups.map(decoded),
    json: () => parsedJson(body),
    // what is asked for besides is looked up only
    forward: (other) => (other === undefined ? ask(asked) : parts.look(request, other)),
  });
}

function answerGit(
  parts: OverlayParts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): void {
  const token = basicToken(request.headers.authorization);
  const rights = token === null ? null : parts.credentials.contents(token);
  if (rights === null) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end("Authentication failed\n");
    return;
  }
  const inside = readableGitPath(request.method ?? "GET", path, query);
  if (rights === "none" || inside === null) {
    response.writeHead(403).end("This repository can only be read over git here.\n");
    return;
  }
  serveGit(parts.gitDirectory, { path: inside, query: query.toString() }, request, response);
}

async function answer(
  parts: OverlayParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://overlay");
  const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, "");
  if (path === parts.hookPath) {
    await parts.onHook(String(request.headers["x-github-event"]), await readBody(request));
    send(response, { status: 202, body: null });
    return;
  }
  const inGit = parts.gitPath.toLowerCase();
  if (path.toLowerCase().startsWith(`${inGit}/`)) {
    answerGit(parts, request, response, path.slice(inGit.length), url.searchParams);
    return;
  }
  send(response, await answerRest(parts, request, path, url.searchParams));
}

/** The HTTP face of the embedded GitHub: git, our own endpoints, and emulate behind the rest. */
export function overlayListener(parts: OverlayParts): RequestListener {
  return (request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof GitHubRefusal) send(response, error.answer);
      else send(response, { status: 500, body: { message: String(error) } });
    });
  };
}
