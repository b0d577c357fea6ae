import type { Agent } from "undici";
import { quoteServer } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { servedModels } from "./served-models.ts";

const longestName = 120;
/** Nothing hangs on the answer, so nobody waits long for it, in milliseconds. */
const patienceMs = 5_000;

/** The weights that the endpoints' servers say they serve; null when none tells more than the model's name. Never throws. */
export async function weightsOf(
  endpoints: readonly Endpoint[],
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<string | null> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const named = await Promise.all(
    endpoints.map(async (endpoint) => {
      const models = await servedModels(endpoint, dispatcher, limited).catch(() => []);
      const root = models.find(({ id }) => id === endpoint.model)?.root ?? null;
      const name = root === null ? "" : weightsName(quoteServer(root, endpoint));
      return name === endpoint.model ? "" : name;
    }),
  );
  const distinct = [...new Set(named.filter((name) => name !== ""))].toSorted();
  return distinct.length === 0 ? null : distinct.join(", ").slice(0, longestName);
}

const snapshot = /models--([^/]+?)--([^/]+)\/snapshots\/([0-9a-f]{7,64})\/?$/;

/**
 * A repository's name as it is; of a folder on the server's disk the last part only, since pull requests may be public. The
 * cache of Hugging Face says repository and revision.
 */
export function weightsName(root: string): string {
  const [, owner, name, revision] = snapshot.exec(root) ?? [];
  if (revision !== undefined) return `${owner}/${name}@${revision.slice(0, 12)}`;
  const parts = root.split(/[\\/]+/).filter((part) => part !== "");
  const isRepository = parts.length === 2 && /^\w[\w.-]*\/\w[\w.-]*$/.test(root);
  return isRepository ? root : (parts.at(-1) ?? "");
}
