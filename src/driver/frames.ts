import { maxReportBytes } from "../domain/execution.ts";
import { joinEnds, keptBytes, textOf } from "./output-ends.ts";

/** One finished command as the driver reported it. */
export type Frame = {
  readonly exitCode: number;
  readonly durationMs: number;
  /** Processes that the kernel killed for memory while the command ran. */
  readonly memoryKills: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut: boolean;
  readonly report: string | null;
};

/** Everything the driver said; `end` is null when it stopped in the middle. */
export type DriverReply = {
  readonly frames: readonly Frame[];
  readonly end: { readonly kind: "complete" | "refused" | "broken"; readonly reason: string } | null;
};

/** More bytes than a well-behaved driver can send for this many commands. */
export const maxReplyBytes = (commands: number, outputBytes: number): number =>
  (commands + 1) * (2 * outputBytes + maxReportBytes + 4096);

/**
 * Reads the driver's standard output. Its lines start with the nonce, which commands cannot know; all payloads are
 * length-prefixed, so that nothing a command prints can pass for a frame. Stops at the first thing that does not fit.
 */
export function readFrames(bytes: Buffer, nonce: string, outputBytes: number): DriverReply {
  const frames: Frame[] = [];
  const reader = { bytes, at: 0 };
  if (takeLine(reader) !== "READY") return { frames, end: null };
  for (;;) {
    const words = takeLine(reader)?.split(" ");
    if (words === undefined || words[0] !== nonce) return { frames, end: null };
    const [, word, ...rest] = words;
    const numbers = rest.map(Number);
    if (numbers.some((number) => !Number.isSafeInteger(number))) return { frames, end: null };
    if (word === "end") return { frames, end: { kind: "complete", reason: "" } };
    if (word === "refused" || word === "broken") {
      const reason = take(reader, numbers[0] ?? 0);
      return { frames, end: reason === null ? null : { kind: word, reason: textOf(reason) } };
    }
    const frame = word === "frame" ? takeFrame(reader, numbers, frames.length, outputBytes) : null;
    if (frame === null) return { frames, end: null };
    frames.push(frame);
  }
}

type Reader = { readonly bytes: Buffer; at: number };

function takeFrame(reader: Reader, numbers: readonly number[], index: number, limit: number): Frame | null {
  const [number, exitCode, centiseconds, memoryKills, out, err, left] = numbers;
  if (number !== index || exitCode === undefined || centiseconds === undefined) return null;
  if (memoryKills === undefined || out === undefined || err === undefined || left === undefined) return null;
  const stdout = take(reader, keptBytes(out, limit));
  const stderr = take(reader, keptBytes(err, limit));
  const report = left < 0 ? null : take(reader, left);
  const complete = take(reader, 1);
  if (stdout === null || stderr === null || complete === null || (left >= 0 && report === null)) return null;
  return {
    exitCode,
    durationMs: centiseconds * 10,
    memoryKills,
    stdout: joinStream(stdout, out),
    stderr: joinStream(stderr, err),
    cut: out > stdout.length || err > stderr.length,
    report: report === null ? null : textOf(report),
  };
}

function joinStream(kept: Buffer, total: number): string {
  const half = kept.length < total ? kept.length / 2 : kept.length;
  return joinEnds(kept.subarray(0, half), kept.subarray(half), total);
}

function takeLine(reader: Reader): string | undefined {
  const end = reader.bytes.indexOf(0x0a, reader.at);
  if (end < 0) return undefined;
  const line = reader.bytes.toString("latin1", reader.at, end);
  reader.at = end + 1;
  return line;
}

function take(reader: Reader, length: number): Buffer | null {
  if (length < 0 || reader.at + length > reader.bytes.length) return null;
  const part = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return part;
}
