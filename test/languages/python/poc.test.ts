import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { pocFault, pocRun as planPoc } from "../../../src/languages/python/poc.ts";
import { withoutPython } from "./run-plan.ts";

const tree: Readonly<Record<string, string>> = {
  "src/shop/__init__.py": "",
  "src/shop/rates.py": "def rate(x):\n    return x\n",
  "src/shop/broken.py": "import not_installed_at_all\n",
  "src/shop/circle.py": "from shop.missing_part import x\n",
  "src/shop/syntax.py": "def f(:\n",
  "src/shop/names.py": "from shop.rates import no_such_rate\n",
};

function pocRun(source: string): Parameters<typeof pocFault>[0] {
  const folder = mkdtempSync(join(tmpdir(), "copatcher-poc-"));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(tree)) write(join("tree", path), content);
  const { files, script } = planPoc({ name: "asserting/0", source, nonce: "nonce" });
  for (const { path, content } of files) write(join("aside", path), content ?? "");
  mkdirSync(join(folder, "out"));
  const run = spawnSync("sh", ["-c", script], {
    cwd: join(folder, "tree"),
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      COPATCHER_ASIDE: join(folder, "aside"),
      COPATCHER_OUT: join(folder, "out"),
    },
  });
  const { stdout, stderr, status } = run;
  return { kind: "exited", exitCode: status ?? 255, stdout, stderr, cut: false, durationMs: 1, report: null };
}

describe.skipIf(withoutPython)("a PoC (needs python3)", () => {
  test("imports the tree's own modules from src", () => {
    expect(pocRun("from shop.rates import rate\nprint(rate(2))\n")).toMatchObject({
      exitCode: 0,
      stdout: "2\n",
    });
  });

  test.each([
    ["its own syntax error", "def f(:\n"],
    ["its own indentation", "if 1:\nx = 1\n"],
    ["an import of what nobody has", "import no_such_module_here\n"],
    ["an import of a name that is not there", "from shop.rates import no_such_name\n"],
    ["a dependency of the repository that is not installed", "import shop.broken\n"],
    [
      "arguments that nobody gives",
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('x')\np.parse_args()\n",
    ],
  ])("shows nothing when it fails by %s", (_, source) => {
    expect(pocFault(pocRun(source))).not.toBeNull();
  });

  test.each([
    ["an assertion", "from shop.rates import rate\nassert rate(1) == 2\n"],
    ["an exception", "from shop.rates import rate\nrate()\n"],
    ["a syntax error in the repository", "import shop.syntax\n"],
    ["a syntax error in code that it evaluates", "eval('1 +')\n"],
    ["a module missing in the repository itself", "import shop.circle\n"],
    ["a name missing between two modules of the repository", "import shop.names\n"],
    ["its exit status alone", "import sys\nsys.exit(2)\n"],
  ])("may show something when it fails by %s", (_, source) => {
    const outcome = pocRun(source);

    expect(outcome).not.toMatchObject({ exitCode: 0 });
    expect(pocFault(outcome)).toBeNull();
  });
});

test("a PoC that did not start shows nothing, and one that timed out may", () => {
  const ran = { stdout: "", stderr: "", cut: false, durationMs: 1, report: null };

  expect(pocFault({ kind: "not-started", reason: "no image" })).not.toBeNull();
  expect(pocFault({ kind: "timed-out", ...ran })).toBeNull();
});

test("a PoC's file name is a plain one, whatever its id", () => {
  expect(planPoc({ name: "../a b/$(id)", source: "", nonce: "n" }).files.map(({ path }) => path)).toContain(
    "-a-b-id-.py",
  );
});
