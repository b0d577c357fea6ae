import type { Stage } from "../domain/run.ts";
import { inlineText } from "./markdown.ts";
import { duration } from "./phrases.ts";

/** The latest news of one stage. */
export type StageProgress = {
  readonly stage: Stage;
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
  /** Until it ended, or so far; left out where nobody measured. */
  readonly took?: { readonly seconds: number; readonly ended: boolean };
};

export const isFinished = ({ done, total }: Pick<StageProgress, "done" | "total">): boolean =>
  done !== undefined && total !== undefined && done >= total;

/** A stage as an item of a task list. */
export function stageLine(name: string, news: StageProgress | undefined): string {
  if (news === undefined) return `[ ] ${name}`;
  const { done, total, took } = news;
  const ended = isFinished(news) || took?.ended === true;
  const counted = done === undefined ? "" : total === undefined ? ` (${done})` : ` (${done} of ${total})`;
  return `[${ended ? "x" : " "}] ${name}${counted}: ${inlineText(news.text)}${timeOf(took)}`;
}

const timeOf = (took: StageProgress["took"]): string =>
  took === undefined || took.seconds === 0
    ? ""
    : ` · ${duration(took.seconds)}${took.ended ? "" : " so far"}`;
