import type { Baseline, Flag } from "../domain/evidence.ts";
import { isDistrusted, type TestVerdict } from "../domain/verdict.ts";
import { inlineCode, inlineText, list } from "./markdown.ts";
import { count } from "./phrases.ts";

const shownFlags = 20;
const shownTests = 10;

/** What remains when every check held: nothing inside a process can exclude it, and a person can see it. */
export const standingNote =
  "Whether the patch only looks right to the checks. Its code runs in the same process as the scripts and tests, so it could " +
  "answer them with, say, an object that is equal to everything. No executed check excludes that; therefore a person " +
  "reviews, and nothing is merged automatically.";

/** How the test results of the winner were checked against forging; empty when no tests were run. */
export function secondRunSentence(baseline: Baseline, tests: TestVerdict): string {
  if (baseline.kind === "none") return "";
  const runs = isDistrusted(tests)
    ? "A first check of this patch said otherwise, see below."
    : baseline.withoutCanary === null
      ? "A second run of them, in which a test of ours must fail, agrees."
      : `Seen in one run, without a second one to check it: ${inlineText(baseline.withoutCanary)}.`;
  return baseline.note === null ? runs : `${runs} Note: ${inlineText(baseline.note)}.`;
}

/**
 * What a reviewer should know of test runs that went well in the end; empty when there is nothing. Ids and reasons are
 * untrusted, so `code` and `plain` make them fit for where they are shown.
 */
export function testDoubts(
  tests: TestVerdict,
  code: (text: string) => string,
  plain: (text: string) => string,
): readonly string[] {
  if (tests.kind !== "ran" && tests.kind !== "not-run") return [];
  const { altered = [] } = tests;
  const flaky = tests.kind === "ran" ? (tests.flaky ?? []) : [];
  const earlier = tests.kind === "ran" ? tests.earlier : undefined;
  const named = (ids: readonly string[]): string =>
    ids.slice(0, shownTests).map(code).join(", ") +
    (ids.length > shownTests ? ` and ${ids.length - shownTests} more` : "");
  const they = flaky.length === 1 ? "it" : "they";
  return [
    ...(earlier === undefined
      ? []
      : [`At first ${plain(earlier.reason)}; a repeat was in order. Code that acts by chance can hide so.`]),
    ...(altered.length === 0
      ? []
      : [
          `${count(altered.length, "test")} ${altered.length === 1 ? "fails" : "fail"} with this patch when the test files that it edits stay as they were; check that the issue asks for that: ${named(altered)}.`,
        ]),
    ...(flaky.length === 0
      ? []
      : [
          `${count(flaky.length, "test")} failed in one run with this patch and not in another, although ${they} passed in both runs without it: ${named(flaky)}.`,
        ]),
  ];
}

/** The same as plain text. */
export const plainDoubts = (tests: TestVerdict): readonly string[] =>
  testDoubts(
    tests,
    (id) => id,
    (reason) => reason,
  );

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
