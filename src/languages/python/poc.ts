import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { PocRun, PocScript } from "../language.ts";
import { importableTree } from "./shell.ts";

const runner = "poc_runner.py";

/** `runnerText` is the text of poc_runner.py, which takes the nonce from standard input before the script runs. */
export function pocRun({ name, source, nonce }: PocScript, runnerText: string): PocRun {
  const file = `${name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}.py`;
  const script = `${importableTree}
exec python3 "$COPATCHER_ASIDE/${runner}" "$COPATCHER_ASIDE/${file}" "$COPATCHER_OUT/poc-end"
`;
  const aside = (path: string, content: string) => ({ place: "aside" as const, path, content });
  return { files: [aside(file, source), aside(runner, runnerText)], script, report: "poc-end", input: nonce };
}

const setUp: ReadonlyArray<readonly [RegExp, string]> = [
  [/ImproperlyConfigured: Requested settings?\b.*not configured/, "Django's settings were not configured"],
  [/AppRegistryNotReady/, "Django was not set up before models were used"],
  [/can't open file/, "the script was not found"],
];

/** Why a failing run shows nothing about the issue: the script itself is at fault. Null when it may show something. */
export function pocFault(outcome: ExecutionOutcome): string | null {
  if (outcome.kind === "not-started") return `the script did not start: ${outcome.reason}`;
  if (outcome.kind !== "exited" || outcome.exitCode === 0) return null;
  if (outcome.exitCode === 126 || outcome.exitCode === 127) return "python3 could not be run";
  const stderr = outcome.stderr.trimEnd();
  const lastLine = stderr.slice(stderr.lastIndexOf("\n") + 1);

  // Only an error in the script that was started is reported without a traceback.
  if (
    /^(SyntaxError|IndentationError|TabError):/.test(lastLine) &&
    !stderr.includes("Traceback (most recent")
  ) {
    return `the script is not valid Python (${lastLine})`;
  }
  if (outcome.exitCode === 2 && /^usage:/m.test(stderr)) return "the script wants arguments";
  const known = setUp.find(([pattern]) => pattern.test(lastLine));
  if (known !== undefined) return known[1];
  return importFault(stderr, lastLine);
}

/**
 * A failed import is the script's (or the environment's) fault when the script itself asked for it, or when what is
 * missing belongs to none of the packages whose frames are in the traceback.
 */
function importFault(stderr: string, lastLine: string): string | null {
  if (!/^(ModuleNotFoundError|ImportError):/.test(lastLine)) return null;
  const traceback = stderr.slice(stderr.lastIndexOf("Traceback (most recent call last)"));
  const frames = [...traceback.matchAll(/^ {2}File "([^"]+)", line \d+/gm)].map((match) => match[1] ?? "");
  const code = frames.filter((frame) => !frame.startsWith("<frozen"));
  if (new Set(code).size <= 1) return `the script imports what is not there (${lastLine})`;
  const missing = /No module named '([^'.]+)/.exec(lastLine)?.[1];
  if (missing === undefined || code.some((frame) => frame.split("/").includes(missing))) return null;
  return `a module is not installed (${lastLine})`;
}
