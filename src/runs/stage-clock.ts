import type { Stage } from "../domain/run.ts";
import type { ProgressEvent } from "../ports/progress.ts";
import { isFinished, type StageProgress } from "../report/stage-line.ts";

/** What a run's stages last said, and how long each has taken in this process. */
export type StageClock = {
  /** `now`, here and below, in milliseconds since 1970. */
  heard(event: ProgressEvent, now: number): void;
  news(now: number): readonly StageProgress[];
};

type Course = { readonly began: number; readonly last: ProgressEvent; readonly lastAt: number };

/** `order`: the stages that the run goes through. */
export function createStageClock(order: readonly Stage[]): StageClock {
  const courses = new Map<Stage, Course>();

  /** Stages run beside each other: one that counts ends when all is done, any other when a later one has begun. */
  function endOf(stage: Stage, { last, lastAt }: Course): number | null {
    if (isFinished(last)) return lastAt;
    if (last.done !== undefined) return null;
    const behind = order.includes(stage) ? order.slice(order.indexOf(stage) + 1) : [];
    const later = behind.flatMap((one) => courses.get(one)?.began ?? []);
    return later.length === 0 ? null : Math.max(lastAt, Math.min(...later));
  }

  return {
    heard(event, now) {
      const began = courses.get(event.stage)?.began ?? now;
      courses.set(event.stage, { began, last: event, lastAt: now });
    },
    news: (now) =>
      [...courses].map(([stage, course]) => {
        const end = endOf(stage, course);
        const seconds = Math.floor(Math.max(0, (end ?? now) - course.began) / 1000);
        return { ...course.last, took: { seconds, ended: end !== null } };
      }),
  };
}
