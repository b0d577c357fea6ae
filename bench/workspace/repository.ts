import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modulePath, moduleText, shapes, writeTree } from "../sandbox/trees.ts";

/** Two commits of a generated repository; the second changes a few modules. */
export type BenchRepository = {
  readonly directory: string;
  readonly files: number;
  readonly commits: readonly [first: string, second: string];
};

const changedModules = 10;

/** A repository with the given part of the large one's files, committed with git. */
export function makeRepository(directory: string, part: number): BenchRepository {
  const { modules, files, fillMb } = shapes.large;
  const shape = { modules: modules * part, imported: 1, files: files * part, fillMb: fillMb * part };
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
