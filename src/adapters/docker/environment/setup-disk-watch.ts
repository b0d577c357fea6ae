import type Docker from "dockerode";
import { setTimeout as delay } from "node:timers/promises";
import { overDisk, type SetupDisk } from "../../../driver/setup-limits.ts";
import type { Engine } from "../engine.ts";
import { isMissing } from "../engine-errors.ts";

const lookMs = 2000;
/** Counting files costs the engine more than summing their sizes: only one look in so many does. */
const countEvery = 5;

/** Calls `onFull` with the reason when the container takes more than `limit`; ends with `signal`. */
export async function watchDisk(
  engine: Engine,
  container: Docker.Container,
  limit: SetupDisk,
  onFull: (why: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let looks = 1; !signal.aborted; looks += 1) {
    try {
      await delay(lookMs, undefined, { signal });
      const files = looks % countEvery === 0 ? await changedFiles(engine, container, limit.files, signal) : 0;
      const over = overDisk({ mb: await writtenMb(engine, container, signal), files }, limit);
      if (over !== null) onFull(over);
    } catch (error) {
      if (isMissing(error)) return;
    }
  }
}

/** Why the container takes too much, now; null when it does not. The engine's usual storage has no limits of its own. */
export async function diskFault(
  engine: Engine,
  container: Docker.Container,
  limit: SetupDisk,
  signal: AbortSignal,
): Promise<string | null> {
  const mb = await writtenMb(engine, container, signal);
  return overDisk({ mb, files: await changedFiles(engine, container, limit.files, signal) }, limit);
}

async function writtenMb(engine: Engine, container: Docker.Container, signal: AbortSignal): Promise<number> {
  const info: object = await engine.transfer("measuring a container", (late) => {
    const options = { size: true, abortSignal: AbortSignal.any([signal, late]) };
    return container.inspect(options);
  });
  return "SizeRw" in info && typeof info.SizeRw === "number" ? info.SizeRw / 2 ** 20 : 0;
}

/** Starts every entry of the engine's list of changes; a quotation mark in a file's name has a backslash before it. */
const mark = '"Kind":';

/** Files and folders that the container made or changed, counted to a little more than `most`: the list may be huge. */
async function changedFiles(
  engine: Engine,
  container: Docker.Container,
  most: number,
  signal: AbortSignal,
): Promise<number> {
  const { modem } = engine.docker;
  return engine.transfer("counting a container's files", async (late) => {
    const list = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
      const request = {
        path: `/containers/${container.id}/changes`,
        method: "GET",
        isStream: true,
        abortSignal: AbortSignal.any([signal, late]),
        statusCodes: { 200: true, 404: "no such container", 500: "server error" },
      };
      modem.dial(request, (error: unknown, answer: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve(answer as AsyncIterable<Buffer>);
      });
    });
    let files = 0;
    let rest = "";
    for await (const chunk of list) {
      const parts = (rest + chunk.toString("latin1")).split(mark);
      files += parts.length - 1;
      if (files > most) break;
      rest = (parts.at(-1) ?? "").slice(1 - mark.length);
    }
    return files;
  });
}
