import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeOut, type Defence } from "./sabotage.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Compiles the bot as `npm run build` does, into `directory`, because a bot that is started some hundred times should
 * not be translated as often. Returns the program to start.
 */
export function buildBot(directory: string, broken: Defence | null): string {
  const dist = join(directory, "dist");
  mkdirSync(dist, { recursive: true });
  const compiler = join(root, "node_modules", ".bin", "tsc");
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", dist];
  const { status, stdout } = spawnSync(compiler, options, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the bot cannot be built: ${stdout}`);
  // what the compiler leaves behind
  const isAsset = (path: string): boolean => !path.endsWith(".ts");
  cpSync(join(root, "src"), dist, { recursive: true, filter: isAsset });
  for (const name of ["prompts", "node_modules"]) {
    if (!existsSync(join(directory, name))) symlinkSync(join(root, name), join(directory, name));
  }
  copyFileSync(join(root, "package.json"), join(directory, "package.json"));
  if (broken !== null) takeOut(broken, dist);
  return join(dist, "main.js");
}
