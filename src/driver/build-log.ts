import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { once } from "node:events";
import { dirname } from "node:path";
import { tailOf, withoutColours, withoutHidden } from "../domain/visible-text.ts";

/** What a file keeps at most; a set-up that prints more than this is not read by anybody. */
const maxBytes = 16 * 2 ** 20;
const tailLines = 30;
const maxTail = 4000;

/** Output of set-up steps on its way to a file and to whoever watches. */
export type BuildLog = {
  /** Null when nothing is kept. */
  readonly file: string | null;
  /** Output of a step, in pieces that may cut a character in two. */
  output(chunk: Uint8Array): void;
  /** A line of our own. */
  note(text: string): void;
  /** The last lines, bounded and without control characters; with ours. */
  tail(): string;
  close(): Promise<void>;
};

/** Begins the file anew, if one is given. What is untrusted in it has no control characters, so that terminals can show it. */
export async function openBuildLog(file: string | null, onText: (text: string) => void): Promise<BuildLog> {
  const stream = file === null ? null : await openFile(file);
  const decoder = new TextDecoder();
  let written = 0;
  let end = "";
  let atLineStart = true;
  const write = (raw: string): void => {
    const text = withoutHidden(withoutColours(raw));
    if (text === "") return;
    atLineStart = text.endsWith("\n");
    end = tailOf(end + text, maxTail * 4);
    onText(text);
    if (written > maxBytes) return;
    written += Buffer.byteLength(text);
    stream?.write(written > maxBytes ? "\n[copatcher] the rest is not kept\n" : text);
  };
  return {
    file,
    output: (chunk) => write(decoder.decode(chunk, { stream: true })),
    note: (text) => write(`${atLineStart ? "" : "\n"}[copatcher] ${text}\n`),
    tail: () => tailOf(end.trimEnd().split("\n").slice(-tailLines).join("\n"), maxTail),
    async close() {
      if (stream !== null) await new Promise<void>((resolve) => stream.end(() => resolve()));
    },
  };
}

async function openFile(file: string): Promise<WriteStream> {
  await mkdir(dirname(file), { recursive: true });
  const stream = createWriteStream(file, { mode: 0o600 });
  await once(stream, "open");
  // a full disk must not end the build; what is missing in the file was still streamed
  stream.on("error", () => undefined);
  return stream;
}
