import { z } from "zod";
import type { ExecutionOutcome, TestReport, TestResult } from "../../domain/execution.ts";
import { parseJson, parseResultLines } from "../result-lines.ts";
import { readTestReport, type ParsedReport } from "../test-report.ts";

const Event = z.object({
  Action: z.string(),
  Package: z.string().min(1),
  Test: z.string().optional(),
  Elapsed: z.number().nonnegative().default(0),
});

/** What Go since 1.24 says of a build itself; the packages that needed it fail with events of their own. */
const BuildFailure = z.object({ ImportPath: z.string(), Action: z.literal("build-fail") });

const ends: Readonly<Record<string, TestResult["status"]>> = {
  pass: "passed",
  bench: "passed",
  fail: "failed",
  skip: "skipped",
};

/** The stream of go test, or the lines of a command of the settings. */
export const readGoTestReport = (outcome: ExecutionOutcome): TestReport =>
  readTestReport(outcome, (report) =>
    report.startsWith('{"id":') ? parseResultLines(report) : parseGoEvents(report),
  );

/**
 * Results of `go test -json` without its output events, ended by a line with its exit status; ids are
 * `package/path TestName/sub`. A package that did not build, or that failed although none of its tests did, is a result
 * of its own. The go command turns printed text into events: a test can print the end of another, so an end counts as
 * passed only for a test that runs, and a failure is never taken back.
 */
export function parseGoEvents(report: string): ParsedReport {
  const results: TestResult[] = [];
  const packages = new Map<string, PackageState>();
  let [complete, statuses] = [true, 0];
  for (const line of report.split("\n").filter((text) => text !== "")) {
    const status = /^status (\d+)$/.exec(line)?.[1];
    if (status !== undefined) {
      statuses += 1;
      // 2 is what Go before 1.20 says of packages that do not build.
      complete &&= Number(status) <= 2;
      continue;
    }
    const unbuilt = /^FAIL\t(\S+) \[(?:build|setup) failed\]$/.exec(line)?.[1];
    if (unbuilt !== undefined) results.push({ id: unbuilt, status: "errored", seconds: 0 });
    const json = parseJson(line);
    const event = Event.safeParse(json);
    if (event.success) take(event.data, packages, results);
    else if (line.startsWith("{") && !BuildFailure.safeParse(json).success) complete = false;
  }
  const ended = [...packages.values()].every((state) => state.ended);
  return { results, complete: complete && statuses > 0 && ended };
}

type PackageState = {
  readonly open: Set<string>;
  readonly seen: Set<string>;
  failed: boolean;
  ended: boolean;
};

function take(
  event: z.infer<typeof Event>,
  packages: Map<string, PackageState>,
  results: TestResult[],
): void {
  const state = packages.get(event.Package) ?? {
    open: new Set(),
    seen: new Set(),
    failed: false,
    ended: false,
  };
  packages.set(event.Package, state);
  const status = ends[event.Action];
  const add = (id: string, as: TestResult["status"]): void => {
    results.push({ id, status: as, seconds: event.Elapsed });
  };
  if (event.Test === undefined) {
    if (status === undefined) return;
    state.ended = true;
    if (status !== "failed") return;
    // Of a test that started and did not end, only a failed package says something.
    for (const test of state.open) add(`${event.Package} ${test}`, "errored");
    if (!state.failed && state.open.size === 0) add(event.Package, "errored");
    return;
  }
  if (event.Action === "run") {
    state.open.add(event.Test);
    state.seen.add(event.Test);
  }
  const open = state.open.delete(status === undefined ? "" : event.Test);
  if (status === undefined || (status === "failed" ? !state.seen.has(event.Test) : !open)) return;
  state.failed ||= status === "failed";
  add(`${event.Package} ${event.Test}`, status);
}
