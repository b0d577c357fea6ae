import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import type { SandboxFile } from "../../../src/ports/sandbox.ts";

type Run = {
  readonly script: string;
  readonly files: readonly SandboxFile[];
  readonly report: string;
  readonly input?: string;
  readonly build?: { readonly script: string; readonly input: string };
};

/** Runs scripts one after another on a tree of real files with the JDK of this machine, as a sandbox would. */
export function workplace(tree: Readonly<Record<string, string>>): {
  readonly write: (path: string, content: string) => void;
  readonly run: (run: Run) => ExecutionOutcome;
} {
  const base = mkdtempSync(join(tmpdir(), "copatcher-java-"));
  for (const name of ["tree", "out", "home"]) mkdirSync(join(base, name));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  };
  for (const [path, content] of Object.entries(tree)) write(`tree/${path}`, content);
  return {
    write: (path, content) => write(`tree/${path}`, content),
    run: ({ script, files, report, input = "", build }) => {
      for (const { place, path, content } of files) write(`${place}/${path}`, content ?? "");
      const start = (text: string, word: string) =>
        spawnSync("sh", ["-c", text], {
          cwd: join(base, "tree"),
          encoding: "utf8",
          input: word,
          env: {
            PATH: process.env["PATH"],
            HOME: join(base, "home"),
            COPATCHER_ASIDE: join(base, "aside"),
            COPATCHER_ENV: join(base, "env"),
            COPATCHER_OUT: join(base, "out"),
          },
        });
      const built = build === undefined ? null : start(build.script, build.input);
      const ended = built === null || built.status === 0 ? start(script, input) : built;
      const left = join(base, "out", report);
      return {
        kind: "exited",
        exitCode: ended.status ?? 255,
        stdout: ended.stdout,
        stderr: ended.stderr,
        cut: false,
        durationMs: 1,
        report: existsSync(left) ? readFileSync(left, "utf8") : null,
      };
    },
  };
}

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";

export const withoutJdk = !required && spawnSync("javac", ["-version"]).status !== 0;
export const withoutJunit4 = withoutJdk || (!required && !existsSync("/usr/share/java/junit4.jar"));
export const withoutJunit5 =
  withoutJdk || (!required && !existsSync("/usr/share/java/junit-platform-console.jar"));
