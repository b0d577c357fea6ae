import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPython } from "../../../src/languages/python/python.ts";
import { withoutPython } from "./run-plan.ts";

const python = await createPython();

describe.skipIf(withoutPython)("the warm-up of a tree (needs python3)", () => {
  test("compiles what compiles, quietly, and does not fail on the rest", () => {
    const tree = mkdtempSync(join(tmpdir(), "copatcher-warm-"));
    mkdirSync(join(tree, "shop"));
    writeFileSync(join(tree, "shop", "rates.py"), "x = 1\n");
    writeFileSync(join(tree, "shop", "broken.py"), "def f(:\n");

    const run = spawnSync("sh", ["-c", python.warmUp ?? "exit 9"], { cwd: tree, encoding: "utf8" });

    expect([run.status, run.stdout, run.stderr]).toEqual([0, "", ""]);
    expect(readdirSync(join(tree, "shop", "__pycache__"))).toEqual([
      expect.stringMatching(/^rates\.cpython-\d+\.pyc$/),
    ]);
  });
});
