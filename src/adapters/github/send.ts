import type { ForgeUse } from "../../ports/forge.ts";
import { forgeError, lacksPermission, RateLimited } from "./github-error.ts";
import type { GitHubClient } from "./github-call.ts";
import type { InstallationTokens } from "./installation-tokens.ts";
import type { WritePace } from "./pace.ts";

/** Milliseconds for which a change is waited for, as GitHub itself does; less than a lease, so that none is sent after it. */
export const writeLimit = 10_000;
const readLimit = 60_000;

type SendDependencies = {
  readonly use: ForgeUse | null;
  readonly signal: AbortSignal | null;
  /** Asked right before a change is sent, when its turn has come; what it throws keeps the change from being sent. */
  readonly before: (() => Promise<void>) | null;
  readonly pace: WritePace;
  readonly tokens: InstallationTokens;
};

type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Makes every HTTP request of a client (not of a shared one: it stays that way) ask `use.mayWrite` first when it changes
 * something, whatever queues and retries the client has of its own; keeps those from sending anything a second time.
 */
export function bindClient(client: GitHubClient, deps: SendDependencies): void {
  client.hook.before("request", (options) => {
    const inner: Send = (options.request?.["fetch"] as Send | undefined) ?? globalThis.fetch;
    options.request = { ...options.request, retries: 0, fetch: guarded(client, deps, inner) };
  });
}

/** A new token changes nothing that anybody sees. */
const changes = (method: string, path: string): boolean =>
  method !== "GET" && method !== "HEAD" && !path.endsWith("/access_tokens");

function guarded(client: GitHubClient, deps: SendDependencies, inner: Send): Send {
  const { use, signal, before, pace, tokens } = deps;
  const send: Send = async (url, init) => {
    const [method, path] = [init.method ?? "GET", new URL(url).pathname];
    if (!changes(method, path)) {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(readLimit);
      return inner(url, { ...init, signal: signal === null ? limit : AbortSignal.any([limit, signal]) });
    }
    return pace({ method, path }, signal, async () => {
      await before?.();
      await use?.mayWrite();
      signal?.throwIfAborted();
      // what became of a change that is cut off nobody would know
      return inner(url, { ...init, signal: AbortSignal.timeout(writeLimit) });
    });
  };
  return async (url, init) => {
    const response = url.endsWith("/access_tokens")
      ? await send(url, init)
      : await withGoodToken(client, tokens, init, (fresh) => send(url, fresh));
    const limited = await RateLimited.of(response);
    if (limited !== null) throw limited;
    return response;
  };
}

/**
 * An installation token that is refused, or lacks a permission that may have been given since, is replaced once; a refused
 * request has changed nothing, so that it may be sent again.
 */
async function withGoodToken(
  client: GitHubClient,
  tokens: InstallationTokens,
  init: RequestInit,
  send: (init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const headers = new Headers(init.headers);
  const given = /^token (.+)$/.exec(headers.get("authorization") ?? "")?.[1];
  if (given === undefined) return send(init);
  const sendAs = (token: string): Promise<Response> => {
    headers.set("authorization", `token ${token}`);
    return send({ ...init, headers: Object.fromEntries(headers) });
  };
  const used = tokens.instead(given);
  const response = await sendAs(used);
  const lacking = await lacksPermission(response);
  if (response.status !== 401 && !lacking) return response;
  const renewed = lacking ? tokens.renew(client, used) : tokens.replace(client, used);
  const fresh = await renewed.catch((error: unknown) => {
    const failure = forgeError("renew the installation's token", error);
    // a permission that is missing is a refusal, whatever became of the look for a better token
    if (lacking || failure.code === "forge-rejected") return null;
    throw failure;
  });
  return fresh === null ? response : sendAs(fresh);
}
