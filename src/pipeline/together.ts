import type { StageContext } from "./stage-context.ts";

/** Takes a task on that runs beside the others; its error ends the whole work. */
export type Together = <T>(task: Promise<T>) => Promise<T>;

/**
 * Work of several tasks side by side. Ends when `work` does or one of the tasks breaks; then all others are called off and
 * waited for, so that nothing runs on afterwards.
 */
export async function together<T>(
  outer: StageContext,
  work: (context: StageContext, beside: Together) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const context = { ...outer, signal: AbortSignal.any([outer.signal, abort.signal]) };
  const tasks: Promise<unknown>[] = [];
  let broken: (error: unknown) => void;
  const breaking = new Promise<never>((_, reject) => (broken = reject));
  const beside: Together = (task) => {
    tasks.push(task);
    task.catch(broken);
    return task;
  };
  try {
    return await Promise.race([beside(work(context, beside)), breaking]);
  } finally {
    abort.abort(new Error("the work ended"));
    await Promise.allSettled(tasks);
  }
}
