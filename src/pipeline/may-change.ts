import { matchesPattern } from "../domain/path-pattern.ts";
import type { StageContext } from "./stage-context.ts";

/** Whether a path is among what the settings and the command let this run change; protected paths are another matter. */
export const mayChange = ({ settings, within }: StageContext, path: string): boolean =>
  settings.paths.allow.some((pattern) => matchesPattern(path, pattern)) &&
  (within === null || path === within || path.startsWith(`${within}/`));
