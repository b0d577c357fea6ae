import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modulePath, moduleText, shapes, writeTree, type Shape } from "../sandbox/trees.ts";

/** Two commits of a generated repository; the second changes a few modules. */
export type BenchRepository = {
  readonly directory: string;
  readonly files: number;
  readonly commits: readonly [first: string, second: string];
};

const changedModules = 10;

/** Half of the large repository, to see what twice the input costs. */
export const half: Shape = {
  modules: shapes.large.modules / 2,
  imported: 1,
  files: shapes.large.files / 2,
  fillMb: shapes.large.fillMb / 2,
};

/** A repository of this shape, committed with git. */
export function makeRepository(directory: string, size: Shape): BenchRepository {
  const shape = { ...size, imported: 1 };
  mkdirSync(directory);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();
  const commit = (): string => {
    git("add", "--all");
    git("commit", "--quiet", "--message=bench");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "--initial-branch=main");
  writeTree(directory, shape);
  const first = commit();
  for (let index = 0; index < changedModules; index += 1) {
    writeFileSync(join(directory, modulePath(index)), `${moduleText(index)}# changed\n`);
  }
  return { directory, files: shape.files, commits: [first, commit()] };
}
