// Installs the locked dependencies when they are missing or older than the lockfile; silent when there is nothing to do.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const stamp = "node_modules/.copatcher-lock";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const present = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";

if (present !== wanted) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(
      `Node ${process.versions.node} is too old: install Node 20.19 or newer and run the command again.`,
    );
    process.exit(1);
  }
  console.error("Installing the locked dependencies (npm ci), about a minute the first time ...");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
  });
  if (run.status !== 0) {
    console.error("npm ci failed; see the lines above. Is the npm registry reachable from here?");
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
