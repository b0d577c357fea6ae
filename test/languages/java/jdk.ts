import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";

export const withoutJdk = !required && spawnSync("javac", ["-version"]).status !== 0;
export const withoutJunit4 = withoutJdk || (!required && !existsSync("/usr/share/java/junit4.jar"));
export const withoutJunit5 =
  withoutJdk || (!required && !existsSync("/usr/share/java/junit-platform-console.jar"));
