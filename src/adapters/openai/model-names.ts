import type { Logger } from "../../ports/logger.ts";
import { describeEndpoint, quoteServer } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";

/** Names under which servers answer, so that a model swapped in the middle of a run does not go unnoticed. */
export type ModelNames = {
  /** Name of the model that gave an answer; `said` is the server's own name for it, null when it has none. */
  of(endpoint: Endpoint, said: string | null): string;
};

const longestName = 120;
const mostNames = 20;

/**
 * A server may call its model what it likes (llama-server: its file), as long as it stays with that: the answer's model
 * is the one that was asked for. A server that answers under another name than before has changed the model; its answers
 * carry the name it said, and the log a warning.
 */
export function createModelNames(logger: Logger): ModelNames {
  const names = new Map<string, [string, ...string[]]>();
  return {
    of(endpoint, said) {
      if (said === null) return endpoint.model;
      const name = quoteServer(said, endpoint).slice(0, longestName);
      const key = describeEndpoint(endpoint);
      const known = names.get(key);
      if (known === undefined) {
        names.set(key, [name]);
        return endpoint.model;
      }
      if (known[0] === name || name === "") return endpoint.model;
      if (!known.includes(name) && known.length < mostNames) {
        known.push(name);
        logger.warn({ endpoint: key, before: known[0], now: name }, "the server answers with another model");
      }
      return name;
    },
  };
}
