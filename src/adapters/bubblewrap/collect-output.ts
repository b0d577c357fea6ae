import type { Readable } from "node:stream";

export type CollectedOutput = {
  bytes(): Buffer;
  /** Resolves when there are at least so many bytes. */
  until(count: number): Promise<void>;
  /** Calls `onFull` whenever there are more bytes than `most`, and drops those. */
  limit(most: number, onFull: () => void): void;
};

/** Keeps what comes out of `stream`, `most` bytes of it. */
export function collectOutput(stream: Readable | null, most = 1 << 20): CollectedOutput {
  const chunks: Buffer[] = [];
  let size = 0;
  let bound = { most, onFull: (): void => undefined };
  let waiting: { readonly count: number; readonly resolve: () => void } | null = null;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bound.most) chunks.push(chunk);
    else bound.onFull();
    if (waiting !== null && size >= waiting.count) waiting.resolve();
  });
  return {
    bytes: () => Buffer.concat(chunks),
    until: (count) =>
      new Promise((resolve) => {
        if (size >= count) return resolve();
        waiting = { count, resolve };
      }),
    limit(nextMost, onFull) {
      bound = { most: nextMost, onFull };
    },
  };
}
