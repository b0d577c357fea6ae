import type { Baseline, Flag } from "../domain/evidence.ts";
import { inlineCode, inlineText, list } from "./markdown.ts";

const shownFlags = 20;

/** What remains when every check held: nothing inside a process can exclude it, and a person can see it. */
export const standingNote =
  "Whether the patch only looks right to the checks. Its code runs in the same process as the scripts and tests, so it could " +
  "answer them with, say, an object that is equal to everything. No executed check excludes that; therefore a person " +
  "reviews, and nothing is merged automatically.";

/** How the test results of the winner were checked against forging; empty when no tests were run. */
export function secondRunSentence(baseline: Baseline): string {
  if (baseline.kind === "none") return "";
  const runs =
    baseline.withoutCanary === null
      ? "A second run of some of them, beside a test of ours that must fail, agrees."
      : `Seen in one run, without a second one to check it: ${inlineText(baseline.withoutCanary)}.`;
  return baseline.note === null ? runs : `${runs} Note: ${inlineText(baseline.note)}.`;
}

/** The lines a reviewer should look at, as a list; empty when there is none. */
export function flagList(flags: readonly Flag[]): string {
  const items = flags.slice(0, shownFlags).map(({ path, line, text, meaning }) => {
    const place = inlineCode(line === null ? path : `${path}:${line}`);
    const code = text === "" ? "" : ` ${inlineCode(text, 120)}`;
    return `${place}${code}: ${meaning}`;
  });
  const more = flags.length - items.length;
  return list([...items, ...(more > 0 ? [`and ${more} more`] : [])]);
}
