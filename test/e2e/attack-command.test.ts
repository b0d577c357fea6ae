import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const image = "copatcher-sandbox:test";
const engine = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;
const usable = process.getuid?.() === 0 && engine && spawnSync("bwrap", ["--version"]).status === 0;

test.skipIf(!usable && !required)(
  `the attack command proves each attack and counts it per sandbox (needs root, bubblewrap and ${image})`,
  () => {
    const run = spawnSync("npx", ["tsx", "bench/attack/main.ts", "--only", "scripts-of", "--json"], {
      encoding: "utf8",
    });

    expect(JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      attempted: 2,
      contained: 2,
      escaped: [],
      unproven: [],
      sandboxes: { docker: { attempted: 1, contained: 1 }, bubblewrap: { attempted: 1, contained: 1 } },
      results: [{ unprotected: "rewritten" }, { unprotected: "rewritten" }],
    });
    expect(run.status).toBe(0);
  },
  120_000,
);
