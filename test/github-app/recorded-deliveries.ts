import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { z } from "zod";

const Recorded = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
);
const file = createRequire(import.meta.url).resolve("@octokit/webhooks-examples/api.github.com/index.json");

/** What the recordings that were made by other Apps, or without one, lack of what ours gets. */
const forUs = { installation: { id: 7 }, sender: { login: "maria", type: "User" } };

/** Payloads that GitHub once sent, of every event that there is, as if they had been sent to us. */
export const recordedDeliveries = Recorded.parse(JSON.parse(readFileSync(file, "utf8"))).flatMap(
  ({ name, examples }) =>
    examples.map((payload, nth) => ({ name, nth, payload: { ...payload, ...forUs } as object })),
);
