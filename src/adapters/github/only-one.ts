import { sha256 } from "../../domain/canonical-json.ts";
import type { RunStore } from "../../ports/run-store.ts";
import type { GitHubClient } from "./github-call.ts";
import { taken } from "./taken.ts";

export type TakeDuty = RunStore["takeDuty"];

/** A client whose changes are sent only while nobody else makes the same and `there` says that it is not there yet. */
export type Creator = (there: () => Promise<boolean>) => Promise<GitHubClient>;

/**
 * Milliseconds for which only who took a creation may send it: half as long again as GitHub works on a change, so that a
 * dead process' request has come to its end by then, and lists show what it made.
 */
const creationMs = 15_000;
/** How much of that is over at most when it is sent. */
const lookMs = 5_000;

/**
 * What a creation asks right before it is sent: GitHub has no "create unless it is there", so among all processes one at a
 * time may look and create. Nobody gives it back, since GitHub may take a while to show what was created. Throws what
 * `isTaken` knows when somebody else is at it or was faster.
 */
export const onlyOne =
  (takeDuty: TakeDuty, place: string, there: () => Promise<boolean>) => async (): Promise<void> => {
    const began = performance.now();
    // a hash, since this outlives what it names
    const mine = await takeDuty(`creation ${sha256(place.toLowerCase())}`, creationMs);
    if (!mine || (await there()) || performance.now() - began > lookMs) throw taken();
  };
