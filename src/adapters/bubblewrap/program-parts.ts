import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Whether walls show it anyway. */
export const inSystem = (path: string): boolean => path === "/usr" || path.startsWith("/usr/");

/**
 * What has to be shown so that a program of the host runs: its file, and the libraries that lie beside its `bin`. Never the
 * whole folder above that, which for a program in `~/bin` is somebody's home.
 */
export function programParts(program: string, home: string = homedir()): readonly string[] {
  if (inSystem(program)) return [];
  const prefix = dirname(dirname(program));
  const libraries = join(prefix, "lib");
  const isOwn = prefix !== "/" && prefix !== home && existsSync(libraries);
  return isOwn ? [program, libraries] : [program];
}
