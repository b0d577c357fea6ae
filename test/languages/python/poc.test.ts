import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { pocFault } from "../../../src/languages/python/poc.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { withoutPython } from "./run-plan.ts";

const python = await createPython();
const nonce = "0123456789abcdef0123456789abcdef";

const tree: Readonly<Record<string, string>> = {
  "src/shop/__init__.py": "",
  "src/shop/rates.py": "def rate(x):\n    return x\n",
  "src/shop/broken.py": "import not_installed_at_all\n",
  "src/shop/circle.py": "from shop.missing_part import x\n",
  "src/shop/syntax.py": "def f(:\n",
  "src/shop/ends.py": `import atexit, os, sys
def leave(): sys.exit(0)
def vanish(): os._exit(0)
def later(): atexit.register(os._exit, 0)
def evaluated(): exec(compile("raise SystemExit(0)", "/nowhere.py", "exec"))
made = {}
exec("def hidden(): raise SystemExit(0)", made)
class Untraced(SystemExit): __traceback__ = type("T", (), {"tb_next": None})()
def untraced(): raise Untraced(0)
`,
  "src/shop/exits.py": "raise SystemExit(0)\n",
  "src/shop/names.py": "from shop.rates import no_such_rate\n",
};

function pocRun(source: string): Parameters<typeof pocFault>[0] {
  const folder = mkdtempSync(join(tmpdir(), "copatcher-poc-"));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(tree)) write(join("tree", path), content);
  const { files, script, report, input } = python.poc({ name: "asserting/0", source, nonce });
  for (const { path, content } of files) write(join("aside", path), content ?? "");
  mkdirSync(join(folder, "out"));
  const run = spawnSync("sh", ["-c", script], {
    cwd: join(folder, "tree"),
    encoding: "utf8",
    input,
    env: {
      PATH: process.env["PATH"],
      COPATCHER_ASIDE: join(folder, "aside"),
      COPATCHER_OUT: join(folder, "out"),
    },
  });
  const { stdout, stderr, status } = run;
  const left = join(folder, "out", report);
  const text = existsSync(left) ? readFileSync(left, "utf8") : null;
  return { kind: "exited", exitCode: status ?? 255, stdout, stderr, cut: false, durationMs: 1, report: text };
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

describe.skipIf(withoutPython)("the end of a PoC (needs python3)", () => {
  test.each([
    ["its last line", "print(1)\n"],
    ["an exit of its own", "import sys\nsys.exit(0)\nprint(1)\n"],
    ["the exit function of interactive use", "exit()\n"],
    [
      "the exit of a test runner that it called",
      "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\nunittest.main()\n",
    ],
  ])("is %s", (_, source) => {
    expect(pocRun(source)).toMatchObject({ report: nonce });
  });

  test.each([
    ["a library function that exits", "import shop.ends\nshop.ends.leave()\nassert False\n"],
    ["a library function that ends the process", "import shop.ends\nshop.ends.vanish()\nassert False\n"],
    ["an exit handler after the assertion failed", "import shop.ends\nshop.ends.later()\nassert False\n"],
    ["a library that exits in evaluated code", "import shop.ends\nshop.ends.evaluated()\nassert False\n"],
    [
      "a library function made of text that exits",
      "import shop.ends\nshop.ends.made['hidden']()\nassert False\n",
    ],
    ["an exit that hides where it came from", "import shop.ends\nshop.ends.untraced()\nassert False\n"],
    ["a module that exits when it is imported", "import shop.exits\nassert False\n"],
  ])("is not %s, although the exit status is 0", (_, source) => {
    const outcome = pocRun(source);

    expect(outcome).toMatchObject({ exitCode: 0 });
    expect("report" in outcome && outcome.report).not.toBe(nonce);
  });

  test.each([
    ["an assertion", "assert False\n", 1],
    ["an exit of its own", "import sys\nsys.exit(3)\n", 3],
    ["an exit of its own with a message", "import sys\nsys.exit('broken')\n", 1],
    [
      "a test runner that it called",
      "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.fail()\nunittest.main()\n",
      1,
    ],
  ])("says that the script failed by %s", (_, source, exitCode) => {
    expect(pocRun(source)).toMatchObject({ exitCode, report: `${nonce} failed` });
  });

  test("is none when the script ends the process in a way that the interpreter does not see", () => {
    expect(pocRun("import os\nos._exit(1)\n")).toMatchObject({ exitCode: 1, report: null });
  });

  test("is no success when an exit handler hides that the script asked for failure", () => {
    const outcome = pocRun("import shop.ends, sys\nshop.ends.later()\nsys.exit(1)\n");

    expect(outcome).toMatchObject({ exitCode: 0, report: `${nonce} failed` });
  });

  test("may be an error, whose traceback shows no code but the script's", () => {
    const outcome = pocRun("def f():\n    raise KeyError(1)\nf()\n");

    expect(outcome).toMatchObject({ exitCode: 1, report: `${nonce} failed` });
    expect("stderr" in outcome && outcome.stderr).not.toContain("poc_runner");
    expect("stderr" in outcome && outcome.stderr).toMatch(
      /^Traceback[^\n]*\n {2}File "[^"]*asserting-0.py", line 3/,
    );
  });
});

test("a PoC reads nothing from standard input and sees itself as the main program", () => {
  const source = "import sys\nprint(repr(sys.stdin.read()), __name__, sys.argv[1:], __file__[-14:])\n";

  expect(pocRun(source)).toMatchObject({ stdout: "'' __main__ [] asserting-0.py\n" });
});

test("a PoC that did not start shows nothing, and one that timed out may", () => {
  const ran = { stdout: "", stderr: "", cut: false, durationMs: 1, report: null };

  expect(pocFault({ kind: "not-started", reason: "no image" })).not.toBeNull();
  expect(pocFault({ kind: "timed-out", ...ran })).toBeNull();
});

test("a PoC's file name is a plain one, whatever its id", () => {
  expect(
    python.poc({ name: "../a b/$(id)", source: "", nonce: "n" }).files.map(({ path }) => path),
  ).toContain("-a-b-id-.py");
});
