import type { SampleRequest } from "../../ports/inference-client.ts";
import type { NonEmpty } from "./groups.ts";
import { sampleName } from "./request-body.ts";
import { createSampleMemory } from "./sample-memory.ts";

/** What a router in front of several servers goes by: it sends requests of the same value to the same server. */
export type Affinity = {
  /** Of one request for these samples. */
  of(requests: NonEmpty<SampleRequest>): string;
};

/**
 * A call that continues a conversation has the value of the request that began it, whose server holds the prefix. Else
 * run, stage and first sample: the groups of a stage spread over the servers, of which each computes the common prefix once,
 * and further tries of a script come to the server of the first.
 */
export function createAffinity(): Affinity {
  const values = createSampleMemory();
  return {
    of(requests) {
      const [{ run, stage, index, continues }] = requests;
      const own = `${encodeURIComponent(run)}/${encodeURIComponent(stage)}/${index}`;
      const value = (continues === null ? undefined : values.of(run, continues)) ?? own;
      for (const request of requests) values.note(run, sampleName(request), value);
      return value;
    },
  };
}
