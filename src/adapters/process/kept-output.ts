import { joinEnds } from "../../driver/output-ends.ts";

/** What is kept of a stream while it runs: its head and its tail, never more than the limit. */
export type KeptOutput = {
  push(chunk: Buffer): void;
  text(): string;
  cut(): boolean;
};

export function keepOutput(limitBytes: number): KeptOutput {
  const half = Math.floor(limitBytes / 2);
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let total = 0;
  return {
    push(chunk) {
      total += chunk.length;
      const room = half - head.length;
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)]);
      if (chunk.length > room) {
        const joined = Buffer.concat([tail, chunk.subarray(Math.max(0, room))]);
        tail = Buffer.from(joined.subarray(Math.max(0, joined.length - half)));
      }
    },
    text: () => joinEnds(head, tail, total),
    cut: () => total > head.length + tail.length,
  };
}
