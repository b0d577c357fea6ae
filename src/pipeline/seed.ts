import { createHash } from "node:crypto";

/**
 * A sample's seed, the same on every replay of the run: a hash of the run and the question, plus the sample's number.
 * Below 2^31, and neighbours are one apart, which is what servers give the choices of one request.
 */
export function seedOf(runId: string, question: string, index: number): number {
  return (createHash("sha256").update(`${runId}/${question}`).digest().readUInt32BE(0) >>> 2) + index;
}

/** A word that executed code cannot guess, the same on every replay of the run. */
export const nonceOf = (runId: string, label: string): string =>
  createHash("sha256").update(`nonce/${runId}/${label}`).digest("hex").slice(0, 32);
