import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gitEnvironment } from "./git.ts";

export type GitHttpTarget = { readonly path: string; readonly query: string };

/** The part of a git-over-HTTP request that `git http-backend` may serve; null for everything else, pushes included. */
export function readableGitPath(method: string, path: string, query: URLSearchParams): string | null {
  if (method === "GET" && path === "/info/refs" && query.get("service") === "git-upload-pack") return path;
  return method === "POST" && path === "/git-upload-pack" ? path : null;
}

/** The token in `Basic base64(user:token)`, null when the header is missing or of another kind. */
export function basicToken(authorization: string | undefined): string | null {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const [, token] = /^[^:]*:(.+)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return token ?? null;
}

function cgiEnvironment(directory: string, target: GitHttpTarget, request: IncomingMessage) {
  const header = (name: string): string => String(request.headers[name] ?? "");
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "uploadpack.allowAnySHA1InWant",
    GIT_CONFIG_VALUE_0: "true",
    GIT_CONFIG_KEY_1: "uploadpack.allowFilter",
    GIT_CONFIG_VALUE_1: "true",
    PATH_INFO: target.path,
    QUERY_STRING: target.query,
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: header("content-type"),
    CONTENT_LENGTH: header("content-length"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    HTTP_GIT_PROTOCOL: header("git-protocol"),
    REMOTE_USER: "x-access-token",
  };
}

const headersEnd = Buffer.from("\r\n\r\n");

/** Serves one fetch request through `git http-backend` (a CGI program); the caller has checked the rights. */
export function serveGit(
  directory: string,
  target: GitHttpTarget,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const child = spawn("git", ["http-backend"], {
    env: cgiEnvironment(directory, target, request),
    stdio: ["pipe", "pipe", "ignore"],
  });
  let head: Buffer | null = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (head === null) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(headersEnd);
    if (end === -1) return;
    for (const line of head.subarray(0, end).toString().split("\r\n")) {
      const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
      else if (name !== "") response.setHeader(name, value);
    }
    const rest = head.subarray(end + headersEnd.length);
    head = null;
    if (rest.length > 0) response.write(rest);
  });
  const fail = (): void => {
    if (!response.headersSent) response.statusCode = 500;
    response.end();
  };
  child.on("error", fail);
  child.on("close", () => (head === null ? response.end() : fail()));
  response.on("close", () => child.kill());
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
}
