import { BuildFailure } from "../domain/environment.ts";
import type { EnvironmentCheck, TestTrial } from "../domain/environment-check.ts";
import type { RepairError } from "../domain/errors.ts";
import { tailOf, withoutColours, withVisibleHidden } from "../domain/visible-text.ts";
import { codeBlock, inlineCode, inlineText, joinSections, list, type Section, section } from "./markdown.ts";
import { count, duration, runFooter, shortSha } from "./phrases.ts";

/** The answer to `/copatcher env check`: what was built, from what, and what its tests did. */
export function environmentCheckText(runId: string, check: EnvironmentCheck): string {
  return joinSections([
    section("head", `**${headline(check)}** ${inlineText(trialSentence(check.tests), 500)}`),
    section("output", trialOutput(check.tests), false),
    section(
      "where",
      `Commit ${inlineCode(shortSha(check.sha))}, ${inlineText(check.language)}; ${inlineText(originSentence(check), 1000)}`,
    ),
    section(
      "steps",
      list(check.steps.map(({ name, status }) => `${inlineCode(name)} (${stepWords[status]})`)),
      false,
    ),
    section(
      "log",
      check.logFile === null ? "" : `The operator finds the whole log in ${inlineCode(check.logFile)}.`,
      false,
    ),
    section("next", `**Next step:** ${nextStep(check)}`),
    runFooter({ id: runId }),
  ]);
}

const stepWords = { done: "done", cached: "cached", "not-run": "not run" } as const;

function headline({ unable, key, cached, seconds }: EnvironmentCheck): string {
  if (unable !== null) return "Nothing can be executed for this repository.";
  if (key === null) return "The environment needs no set-up.";
  return cached
    ? "The environment is there, from the cache."
    : `The environment was built in ${duration(seconds)}.`;
}

const originSentence = ({ source, sandbox, key }: EnvironmentCheck): string =>
  `${key === null ? "environment" : "built from"}: ${source}. Sandbox: ${sandbox}`;

/** What the tests did, for people; untrusted text. */
export function trialSentence(tests: TestTrial): string {
  if (tests.kind === "none") return `No test was run: ${tests.reason}.`;
  const { passed, failed, errored, skipped, crashed, command, seconds } = tests;
  if (tests.onlyExitStatus && crashed === null) {
    const printed = tests.output.trim() === "" ? "printed nothing and " : "";
    const end = passed === 1 ? "ended well" : "failed";
    return `The test command ${end} after ${duration(seconds)} (${command}). It ${printed}left no report, so only its exit status is known.`;
  }
  const seen = `${count(passed + failed + errored + skipped, "test")} seen in ${duration(seconds)}: ${passed} passed, ${failed} failed, ${errored} errored, ${skipped} skipped (${command})`;
  return crashed === null ? `${seen}.` : `${seen}. The run is not complete: ${crashed}.`;
}

/** Not everything passed, so it is worth reading. */
const isWorthReading = (tests: TestTrial): tests is Extract<TestTrial, { kind: "ran" }> =>
  tests.kind === "ran" && (tests.crashed !== null || tests.passed === 0 || tests.failed + tests.errored > 0);

const trialOutput = (tests: TestTrial): string =>
  isWorthReading(tests)
    ? `The last lines of the tests:

${codeBlock(lastLines(tests.output), "text")}`
    : "";

function nextStep({ unable, tests }: EnvironmentCheck): string {
  if (unable !== null)
    return "say in `environment` of `.github/copatcher.yml` which image or set-up the repository needs.";
  if (tests.kind === "none")
    return "set `tests.command` in `.github/copatcher.yml` if there are tests that were not found.";
  if (tests.ended === "timed-out")
    return "name a faster command in `tests.command` of `.github/copatcher.yml`, or raise `tests.timeout_minutes` there.";
  if (tests.ended === "out-of-memory")
    return "name a smaller command in `tests.command` of `.github/copatcher.yml`, or ask the operator to raise COPATCHER_SANDBOX_MEMORY_MB.";
  if (tests.crashed !== null || tests.passed === 0)
    return "correct `environment` or `tests` in `.github/copatcher.yml` until the tests run; they have no network here.";
  return "none; a run on an issue will use this environment.";
}

/** What failed in a set-up, null for other errors. */
export function buildFailureOf(error: RepairError): BuildFailure | null {
  if (error.code !== "environment-failed") return null;
  return BuildFailure.safeParse(error.data).data ?? null;
}

function lastLines(text: string): string {
  const lines = tailOf(withoutColours(text).trimEnd().split("\n").slice(-40).join("\n"), 6_000);
  return lines === "" ? "(printed nothing)" : lines;
}

/** The failing command of a set-up with its last lines, and where its whole log lies; empty for other errors. */
export function buildFailureSections(error: RepairError): readonly Section[] {
  const failure = buildFailureOf(error);
  if (failure === null) return [];
  const { step, status, logFile } = failure;
  return [
    section(
      "failing command",
      `The command ${inlineCode(step)} failed (${inlineText(status)}). Its last lines:`,
    ),
    section("last lines", codeBlock(lastLines(failure.tail))),
    section("log", logFile === null ? "" : `The operator finds the whole log in ${inlineCode(logFile)}.`),
  ];
}

/** The same for a terminal, with a line end; empty for other errors. */
export function buildFailureText(error: RepairError): string {
  const failure = buildFailureOf(error);
  if (failure === null) return "";
  const { step, status, logFile } = failure;
  const log = logFile === null ? "" : `\nThe whole log: ${logFile}`;
  return `${withVisibleHidden(`${step} (${status})\n${lastLines(failure.tail)}`)}${log}\n`;
}

/** A check for people at a terminal. */
export function environmentTerminalText(check: EnvironmentCheck): string {
  const { sha, language, source, key, steps, logFile, sandbox, tests } = check;
  const lines = [
    headline(check),
    `  commit: ${sha}, ${language}`,
    `  from: ${source}${key === null ? "" : ` (key ${key.slice(0, 16)})`}`,
    ...steps.map(({ name, status }) => `  ${stepWords[status]}: ${name}`),
    ...(logFile === null ? [] : [`  log: ${logFile}`]),
    `  sandbox: ${sandbox}`,
    trialSentence(tests),
    ...(isWorthReading(tests) ? [lastLines(tests.output).replaceAll(/^/gm, "  | ")] : []),
    ...(nextStep(check).startsWith("none") ? [] : [`Next step: ${nextStep(check)}`]),
  ];
  return withVisibleHidden(lines.join("\n"));
}
