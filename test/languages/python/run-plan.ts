import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import type { TestPlan } from "../../../src/languages/language.ts";

/** Runs a plan's script on real files with the python3 of this machine, as a sandbox would. */
export function runPlan(
  plan: Pick<TestPlan, "script" | "files" | "report">,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): ExecutionOutcome {
  const [tree, aside, out] = ["tree", "aside", "out"].map((name) =>
    mkdtempSync(join(tmpdir(), `copatcher-${name}-`)),
  );
  if (tree === undefined || aside === undefined || out === undefined) throw new Error("no temporary folders");
  for (const [path, content] of Object.entries(files)) write(join(tree, path), content);
  for (const file of plan.files) write(join(aside, file.path), file.content ?? "");
  const started = performance.now();
  const run = spawnSync("sh", ["-c", plan.script], {
    cwd: tree,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], COPATCHER_ASIDE: aside, COPATCHER_OUT: out, ...environment },
  });
  const report = join(out, plan.report);
  return {
    kind: "exited",
    exitCode: run.status ?? 255,
    stdout: run.stdout,
    stderr: run.stderr,
    cut: false,
    durationMs: performance.now() - started,
    report: existsSync(report) ? readFileSync(report, "utf8") : null,
  };
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const canRun = (...args: string[]): boolean => spawnSync("python3", args).status === 0;
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";

export const withoutPython = !required && !canRun("--version");
export const withoutPytest = !required && !canRun("-c", "import pytest");
