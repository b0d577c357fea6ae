import { Worker } from "node:worker_threads";

const everyMs = 1_000;

/** Counts looks, not time: a process that was stopped (SIGSTOP) and goes on has not stalled. */
const watcher = `
  const { workerData: { beats, everyMs, looks, words } } = require("node:worker_threads");
  let seen = 0;
  let silent = 0;
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    silent = now === seen ? silent + 1 : 0;
    seen = now;
    if (silent < looks) return;
    require("node:fs").writeSync(2, words);
    process.kill(process.pid, "SIGKILL");
  }, everyMs);
`;

/**
 * From now on a second thread kills this process (SIGKILL, after a line on stderr) when its event loop has not turned for
 * about `limitMs` milliseconds: whoever started it can then start it again, and other workers take its leases. The embedded
 * database, for one, spins for ever when its disk fails in mid-write (seen with PGlite 0.5.16).
 */
export function watchForStalls(limitMs = 120_000): () => Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const beat = setInterval(() => void Atomics.add(beats, 0, 1), everyMs / 2).unref();
  const seconds = Math.round(limitMs / 1_000);
  const words =
    `copatcher ends itself: it has been busy with one thing for ${seconds} s and answers nothing, as it does when the disk of ` +
    "its database fails. Look at that disk and start it again; nothing that was acknowledged is lost.\n";
  const workerData = { beats, everyMs, looks: Math.ceil(limitMs / everyMs), words };
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };
  const thread = new Worker(watcher, { eval: true, execArgv: [], workerData, resourceLimits });
  thread.unref();
  return async () => {
    clearInterval(beat);
    await thread.terminate();
  };
}
