/** How long a server may be silent before somebody looks into it, learnt from its first tokens. */
export type SilenceLimit = {
  /** A request had its first token after so many milliseconds. */
  note(milliseconds: number): void;
  milliseconds(): number;
};

/** First tokens that are remembered: what a run's stages ask for in some minutes, long prompts among it. */
const remembered = 64;
/** A prompt four times as long, or a queue four times as long, is nothing strange. */
const factor = 4;

/**
 * Four times the longest wait of late, at least `least`, at most `most`; `most` while nothing is known. A longer wait counts
 * at once, shorter ones when the long ones are forgotten.
 */
export function createSilenceLimit(least: number, most: number): SilenceLimit {
  const waits: number[] = [];
  return {
    note(milliseconds) {
      waits.push(milliseconds);
      if (waits.length > remembered) waits.shift();
    },
    milliseconds() {
      if (waits.length === 0) return most;
      return Math.min(most, Math.max(least, factor * Math.max(...waits)));
    },
  };
}
