import type { Job, JobQueue } from "../../src/ports/job-queue.ts";

/** A queue in memory; `put` is what a run store calls when it stores something to be worked on. */
export type MemoryJobQueue = JobQueue & { put(job: Job): void; clear(): void };

type Worker = { readonly handler: (id: string) => Promise<void>; free: number };

const retries = 3;
const retryDelayMs = 5;

export function createMemoryJobQueue(): MemoryJobQueue {
  const workers = new Map<Job["kind"], Worker>();
  const running = new Set<Promise<void>>();
  let waiting: { readonly job: Job; readonly tries: number }[] = [];

  function handOut(): void {
    for (const entry of waiting) {
      const worker = workers.get(entry.job.kind);
      if (worker === undefined || worker.free === 0) continue;
      worker.free--;
      waiting = waiting.filter((other) => other !== entry);
      const work = handle(worker, entry.job, entry.tries).finally(() => {
        worker.free++;
        running.delete(work);
        handOut();
      });
      running.add(work);
    }
  }

  async function handle(worker: Worker, job: Job, tries: number): Promise<void> {
    try {
      // A later turn: whoever puts a job has returned from storing it before it is worked on.
      await new Promise(setImmediate);
      await worker.handler(job.id);
    } catch {
      if (tries === retries) return;
      setTimeout(() => {
        waiting.push({ job, tries: tries + 1 });
        handOut();
      }, retryDelayMs);
    }
  }

  return {
    put(job) {
      waiting.push({ job, tries: 0 });
      handOut();
    },
    clear() {
      waiting = [];
    },
    async work(kind, concurrency, handler) {
      workers.set(kind, { handler, free: concurrency });
      handOut();
    },
    async stop() {
      workers.clear();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
