import { z } from "zod";
import { matchesPattern } from "../path-pattern.ts";
import { checkRepoPath } from "../repo-path.ts";
import { EnvironmentSettings, TestSettings } from "./environment.ts";

/** A part of the repository; what it does not say is as in the rest. */
export const ProjectSettings = z.strictObject({
  path: z.string().min(1).max(1000).describe("Pattern of its files, such as `services/api/**`"),
  environment: EnvironmentSettings.optional(),
  tests: TestSettings.optional(),
});
export type ProjectSettings = z.output<typeof ProjectSettings>;

/** By what a project is chosen. */
export type ProjectHints = {
  /** The file or folder that the run keeps to; null: none is said. */
  readonly path: string | null;
  /** What the issue names, or the pull request changes. */
  readonly files: readonly string[];
};

export type ProjectChoice =
  | { readonly kind: "whole" }
  | { readonly kind: "one"; readonly at: number; readonly because: "path" | "files" }
  /** There are files of several. */
  | { readonly kind: "several" };

/** The first project that the path is in; where no path is said the only one that has a file. */
export function chooseProject(
  projects: readonly Pick<ProjectSettings, "path">[],
  { path, files }: ProjectHints,
): ProjectChoice {
  const holding = (file: string): number => projects.findIndex((project) => isInProject(project, file));
  if (path !== null) {
    const at = holding(path);
    return at === -1 ? { kind: "whole" } : { kind: "one", at, because: "path" };
  }
  const [at, ...others] = new Set(files.map(holding).filter((found) => found !== -1));
  if (at === undefined) return { kind: "whole" };
  return others.length > 0 ? { kind: "several" } : { kind: "one", at, because: "files" };
}

/** A folder is in a project when what lies in it is. */
export const isInProject = ({ path }: Pick<ProjectSettings, "path">, file: string): boolean =>
  matchesPattern(file, path) || matchesPattern(`${file}/any`, path);

/** The folder that a pattern stands for (`services/api/**`); null for any other pattern. */
export function folderOf(pattern: string): string | null {
  const folder = /^([^*?]+)\/\*\*$/.exec(pattern)?.[1];
  return folder !== undefined && checkRepoPath(folder).ok ? folder : null;
}
