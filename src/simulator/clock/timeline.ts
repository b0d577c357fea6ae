/**
 * What an event did: `woke` when it resolved a promise or called a listener of code outside of the simulation, which
 * then has to run before time may go on; `quiet` otherwise.
 */
export type EventEffect = "woke" | "quiet";

/** Time in which simulated engines live: virtual in process, scaled real time behind the HTTP face. */
export type Timeline = {
  /** Milliseconds. */
  now(): number;
  /** Runs `event` at `time` (at once when that has passed), after those added before for the same time. Returns its cancellation. */
  at(time: number, event: () => EventEffect): () => void;
};
