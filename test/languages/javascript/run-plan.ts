import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import type { TestPlan } from "../../../src/languages/language.ts";

/** Runs a script on real files with the node of this machine, as a sandbox would; `modules` becomes node_modules. */
export function runPlan(
  plan: Pick<TestPlan, "script" | "files" | "report"> & { readonly input?: string },
  files: Readonly<Record<string, string>>,
  modules: string | null = null,
): ExecutionOutcome {
  const work = mkdtempSync(join(tmpdir(), "copatcher-javascript-"));
  const [tree, aside, out] = [join(work, "tree"), join(work, "aside"), join(work, "out")];
  for (const folder of [tree, aside, out]) mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) write(join(tree, path), content);
  for (const file of plan.files) write(join(aside, file.path), file.content ?? "");
  if (modules !== null) symlinkSync(modules, join(tree, "node_modules"));
  const started = performance.now();
  const run = spawnSync("sh", ["-c", plan.script], {
    cwd: tree,
    encoding: "utf8",
    input: plan.input ?? "",
    env: { PATH: process.env["PATH"], HOME: work, COPATCHER_ASIDE: aside, COPATCHER_OUT: out },
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
