import type { TestLog } from "../metrics/resolved.ts";

type Status = "passed" | "failed" | "skipped";

/** `test_x (app.Class) ... ok`; before Python 3.11 without the method in the brackets, which lists of cases may lack as well. */
const test = /^(\w+) \(([\w.]+)\)(?: (?:\[.*?\]|\(.*?\)))?(?: \.\.\. ?(.*))?$/;
/** The first line of a test's docstring stands on a line of its own, with the status behind it. */
const docstring = /^(.*?) \.\.\. ?(.*)$/;
const failure = /^(FAIL|ERROR): (\w+) \(([\w.]+)\)/;
const finished = /^Ran \d+ tests? in/;

/**
 * Tests by name as unittest's runner tells them with `--verbosity 2`, and by the first line of their docstrings, which is how
 * SWE-bench names those that have one. A test whose status something else was printed before is known by what follows: the
 * status alone on a line, the failures at the end, or that the run came to its end.
 */
export function djangoResults(output: string): TestLog {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const results = new Map<string, Status | null>();
  const described = new Map<string, string>();
  let waiting: { readonly name: string; readonly told: boolean } | null = null;
  for (const line of lines) {
    const [, method, place, status] = test.exec(line) ?? [];
    if (method !== undefined && place !== undefined && (isTest(method) || status !== undefined)) {
      const name = nameOf(method, place);
      const known = status === undefined ? null : statusOf(status);
      if (status !== undefined) results.set(name, known);
      waiting = known === null ? { name, told: status !== undefined } : null;
      continue;
    }
    if (waiting === null) continue;
    const [, words, behind] = waiting.told ? [null, null, line] : (docstring.exec(line) ?? []);
    if (behind === undefined || behind === null) continue;
    const known = statusOf(behind);
    if (typeof words === "string") described.set(waiting.name, words.trim());
    if (typeof words === "string" || known !== null) results.set(waiting.name, known);
    waiting = known === null ? { ...waiting, told: true } : null;
  }
  for (const line of lines) {
    const [, kind, method, place] = failure.exec(line) ?? [];
    if (kind !== undefined && method !== undefined && place !== undefined)
      results.set(nameOf(method, place), "failed");
  }
  return told(
    results,
    described,
    lines.some((line) => finished.test(line)),
  );
}

const isTest = (method: string): boolean =>
  method.startsWith("test") || method === "setUpClass" || method === "tearDownClass";

const nameOf = (method: string, place: string): string =>
  `${method} (${place.endsWith(`.${method}`) ? place.slice(0, -method.length - 1) : place})`;

function statusOf(text: string): Status | null {
  if (/(?:^|\s)ok$/.test(text) || text.endsWith("expected failure")) return "passed";
  if (text.startsWith("skipped") || text.includes(" skipped ")) return "skipped";
  return /(?:unexpected success|FAIL|ERROR)$/.test(text) ? "failed" : null;
}

/** What a run that came to its end does not name among its failures has passed. */
function told(
  results: ReadonlyMap<string, Status | null>,
  described: ReadonlyMap<string, string>,
  complete: boolean,
): TestLog {
  const log = new Map<string, "passed" | "failed">();
  for (const [name, status] of results) {
    const known = status ?? (complete ? "passed" : "failed");
    if (known === "skipped") continue;
    for (const spelling of [name, withMethod(name), described.get(name)])
      if (spelling !== undefined) log.set(spelling, known);
  }
  return log;
}

/** As Python 3.11 and later spell it. */
function withMethod(name: string): string {
  const [, method = "", place = ""] = /^(\w+) \((.*)\)$/.exec(name) ?? [];
  return `${method} (${place}.${method})`;
}
