import type { Agent } from "undici";
import type { Endpoint } from "./endpoint.ts";
import { ask } from "./probe-request.ts";

const usualMs = 5_000;

/** Whether a server says that it works: by `/health`, or by its model list where there is no such page. */
export async function isHealthy(
  endpoint: Endpoint,
  dispatcher: Agent,
  timeoutMs = usualMs,
): Promise<boolean> {
  const signal = new AbortController().signal;
  const health = await ask(endpoint, dispatcher, { path: "/health", root: true, timeoutMs }, signal);
  if (health === null) return false;
  if (health.status < 300) return true;
  if (health.status >= 500 || health.status === 429) return false;
  const models = await ask(endpoint, dispatcher, { path: "/models", timeoutMs }, signal);
  // A server that wants another key is there, and the calls will say so.
  return models !== null && models.status < 500 && models.status !== 429;
}
