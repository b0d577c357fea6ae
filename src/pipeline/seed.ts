import { createHash } from "node:crypto";

/** A sample's seed, the same on every replay of the run: 31 bits of a hash of the run and the sample's name. */
export function seedOf(runId: string, sample: string): number {
  return createHash("sha256").update(`${runId}/${sample}`).digest().readUInt32BE(0) >>> 1;
}

/** A word that executed code cannot guess, the same on every replay of the run. */
export const nonceOf = (runId: string, label: string): string =>
  createHash("sha256").update(`nonce/${runId}/${label}`).digest("hex").slice(0, 32);
