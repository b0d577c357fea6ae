import type { ExecutionOutcome } from "../../domain/execution.ts";

const scriptFile = /copatcher-poc-[\w-]{1,100}\.[cm][jt]s/;

const slips: ReadonlyArray<readonly [RegExp, string]> = [
  [/ReferenceError: require is not defined/, "it uses require in an ES module"],
  [/ReferenceError: __(dirname|filename) is not defined/, "it uses __dirname or __filename in an ES module"],
  [/ReferenceError: (exports|module) is not defined/, "it uses CommonJS exports in an ES module"],
  [
    /ReferenceError: (describe|it|test|expect|beforeEach|jest|vi) is not defined/,
    "it wants a test runner around it",
  ],
  [/ReferenceError: (window|document|navigator) is not defined/, "it wants a browser"],
];

/** Why a failing run shows nothing about the issue: the script itself is at fault. Null when it may show something. */
export function pocFault(outcome: ExecutionOutcome): string | null {
  if (outcome.kind === "not-started") return `the script did not start: ${outcome.reason}`;
  if (outcome.kind !== "exited" || outcome.exitCode === 0) return null;
  if (outcome.exitCode === 126 || outcome.exitCode === 127) return "node could not be run";
  const { stderr } = outcome;
  const line = errorLine(stderr);
  const frames = [...stderr.matchAll(/^[ \t]+at .*$/gm)].map(([frame]) => frame);
  const [top] = frames.filter((frame) => !/\(?(node:|internal\/)/.test(frame) && /[/\\]/.test(frame));
  const ownError = top === undefined ? startsInScript(stderr) : scriptFile.test(top);

  if (/SyntaxError/.test(line)) {
    // Node names the file of a syntax error in the first line.
    return startsInScript(stderr) ? `the script cannot be loaded (${line})` : null;
  }
  const slip = slips.find(([pattern]) => pattern.test(line));
  if (slip !== undefined && ownError) return `the script is wrong: ${slip[1]}`;
  if (/^usage:/im.test(stderr) && frames.length === 0) return "the script wants arguments";
  if (/Unsettled top-level await/.test(stderr)) return null;
  return importFault(stderr, line);
}

/** Node begins with the place that it stopped at, after its own warnings. */
const startsInScript = (stderr: string): boolean => scriptFile.test(/^\S.*:\d+$/m.exec(stderr)?.[0] ?? "");

const errorLine = (stderr: string): string =>
  /^(?:Uncaught )?(?:[\w.]*(?:Error|Exception)\b.*)$/m.exec(stderr)?.[0] ?? "";

/** A missing module is the script's fault when it asked for it itself, or when it is a package that is not installed. */
function importFault(stderr: string, line: string): string | null {
  if (/ERR_REQUIRE_ESM|Must use import to load ES Module|require\(\) of ES Module/.test(stderr)) {
    const fault = scriptFile.test(stderr.split("Require stack")[0] ?? "");
    return fault ? `the script loads an ES module by require, it must use import (${line})` : null;
  }
  if (/ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_UNSUPPORTED_DIR_IMPORT|ERR_UNKNOWN_FILE_EXTENSION/.test(stderr)) {
    return `the script imports what cannot be imported so (${line})`;
  }
  const missing = /Cannot find (?:module|package) '([^']+)'(?: imported from (.+))?/.exec(stderr);
  if (missing === null) return null;
  const [, module = "", importer] = missing;
  const asks = importer ?? /Require stack:\s*\n- (.+)/.exec(stderr)?.[1] ?? "";
  if (scriptFile.test(asks)) return `the script imports what is not there (${line})`;
  return /^[./]|^file:/.test(module) ? null : `a module is not installed (${line})`;
}
