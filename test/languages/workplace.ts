import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { SandboxFile } from "../../src/ports/sandbox.ts";

type Plan = {
  readonly script: string;
  readonly files: readonly SandboxFile[];
  readonly report: string;
  readonly input?: string;
  readonly build?: { readonly script: string; readonly input: string };
};

export type Workplace = {
  readonly folder: (name: "tree" | "env" | "out") => string;
  /** Lays a file into the tree. */
  readonly write: (path: string, content: string) => void;
  run(plan: Plan, prologue?: string): ExecutionOutcome & { kind: "exited" };
};

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Real files with the tools of this machine, as a sandbox would have them; scripts run on them one after another. */
export function makeWorkplace(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Workplace {
  const root = mkdtempSync(join(tmpdir(), "copatcher-language-"));
  roots.push(root);
  const folder = (name: string): string => join(root, name);
  for (const name of ["tree", "env", "out", "home"]) mkdirSync(folder(name));
  const writeToTree = (path: string, content: string) => write(join(folder("tree"), path), content);
  for (const [path, content] of Object.entries(files)) writeToTree(path, content);
  return {
    folder,
    write: writeToTree,
    run: (plan, prologue = "") => {
      rmSync(folder("aside"), { recursive: true, force: true });
      for (const file of plan.files) write(join(folder(file.place), file.path), file.content ?? "");
      const started = performance.now();
      const start = (script: string, input: string) =>
        spawnSync("sh", ["-c", `${prologue}\n${script}`], {
          cwd: folder("tree"),
          encoding: "utf8",
          input,
          env: {
            PATH: process.env["PATH"],
            HOME: folder("home"),
            COPATCHER_ASIDE: folder("aside"),
            COPATCHER_OUT: folder("out"),
            COPATCHER_ENV: folder("env"),
            ...environment,
          },
        });
      const built = plan.build === undefined ? null : start(plan.build.script, plan.build.input);
      const { status, stdout, stderr } =
        built === null || built.status === 0 ? start(plan.script, plan.input ?? "") : built;
      const report = join(folder("out"), plan.report);
      const text = existsSync(report) ? readFileSync(report, "utf8") : null;
      rmSync(report, { force: true });
      const durationMs = performance.now() - started;
      return {
        kind: "exited",
        exitCode: status ?? 255,
        stdout,
        stderr,
        cut: false,
        durationMs,
        report: text,
      };
    },
  };
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
