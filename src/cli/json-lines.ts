import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, rename, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { PassThrough } from "node:stream";
import { RepairError } from "../domain/errors.ts";

export type LineWriter = (value: unknown) => Promise<void>;

/**
 * Writes JSON values to a new file, one a line, gzipped when its name ends in `.gz`. The file has its name only when all
 * of them are in it. Throws RepairError `usage` when it cannot be written.
 */
export async function writeJsonLines<T>(file: string, work: (write: LineWriter) => Promise<T>): Promise<T> {
  const partial = `${file}.partial`;
  const lines = new PassThrough();
  const target = createWriteStream(partial, { mode: 0o600 });
  const stored = file.endsWith(".gz") ? pipeline(lines, createGzip(), target) : pipeline(lines, target);
  // it is looked at below; until then its failure must not end the process
  stored.catch(() => undefined);
  const write: LineWriter = async (value) => {
    if (lines.destroyed) await stored;
    if (!lines.write(`${JSON.stringify(value)}\n`)) await Promise.race([once(lines, "drain"), stored]);
  };
  try {
    const result = await work(write);
    lines.end();
    await stored;
    await rename(partial, file);
    return result;
  } catch (error) {
    lines.destroy();
    await rm(partial, { force: true });
    throw isFileError(error) ? unusable(file, "written", error) : error;
  }
}

/** Throws RepairError `usage` when there is no such file to read. */
export async function checkReadable(file: string): Promise<void> {
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw unusable(file, "read", error);
  });
}

/** The values of such a file, gzipped or not. Throws RepairError `usage` when it cannot be read or holds no JSON lines. */
export async function* readJsonLines(file: string): AsyncIterable<unknown> {
  const bytes = createReadStream(file);
  const input = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  let failed: unknown = null;
  for (const stream of [bytes, input]) {
    stream.on("error", (error: unknown) => {
      failed ??= error;
      input.destroy();
    });
  }
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line);
  } catch (error) {
    if (failed === null && !(error instanceof SyntaxError)) throw error;
    throw unusable(file, "read", failed ?? error);
  }
  if (failed !== null) throw unusable(file, "read", failed);
}

const isFileError = (error: unknown): boolean =>
  error instanceof Error && "syscall" in error && !(error instanceof RepairError);

function unusable(file: string, how: "written" | "read", cause: unknown): RepairError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new RepairError("usage", `${file} cannot be ${how}: ${detail}`, { cause });
}
