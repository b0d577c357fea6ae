import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { SetupPlan } from "../../../src/domain/environment.ts";
import { planPythonSetup } from "../../../src/languages/python/setup.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

const plan = (files: Readonly<Record<string, string>>): Promise<SetupPlan | null> =>
  planPythonSetup(memoryCheckout({ "pkg/__init__.py": "", ...files }));

const namesOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  ((await plan(files))?.steps ?? []).map(({ name }) => name).slice(1, -1);

test("a repository without manifests needs nothing", async () => {
  expect(await plan({ "tests/test_a.py": "def test_a(): pass\n" })).toBeNull();
});

test("a pyproject.toml that only configures tools needs nothing", async () => {
  expect(await plan({ "pyproject.toml": "[tool.black]\nline-length = 100\n" })).toBeNull();
});

test.each<[string, Record<string, string>, readonly string[]]>([
  ["requirements.txt", { "requirements.txt": "six\n" }, ["pip install -r requirements.txt"]],
  [
    "requirements for tests and development, but not for documentation",
    {
      "requirements.txt": "",
      "requirements-dev.txt": "",
      "test-requirements.txt": "",
      "requirements/test.txt": "",
      "requirements/docs.txt": "",
      "docs/requirements.txt": "",
      "docs/contributing/unit-tests.txt": "How to run the tests\n",
      "tests.txt": "To do\n",
    },
    ["requirements.txt", "requirements-dev.txt", "requirements/test.txt", "test-requirements.txt"].map(
      (path) => `pip install -r ${path}`,
    ),
  ],
  [
    "a project with its extras for tests",
    {
      "pyproject.toml": `[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"
[project]\nname = "pkg"\n[project.optional-dependencies]\ntest = ["pytest"]\ndocs = ["sphinx"]\n`,
    },
    ["pip install -e .[test]"],
  ],
  [
    "setup.py with extras",
    { "setup.py": 'setup(extras_require={"dev": ["x"], "gpu": []})' },
    ["pip install -e .[dev]"],
  ],
  [
    "setup.cfg with extras",
    {
      "setup.cfg":
        "[metadata]\nname = pkg\n[options.extras_require]\ntesting =\n  mock\nspeed = x\n[tool:x]\n",
    },
    ["pip install -e .[testing]"],
  ],
  [
    "the group for tests rather than the tools of its developers",
    {
      "pyproject.toml": `[project]\nname = "pkg"\ndependencies = ["attrs"]
[dependency-groups]\ndev = [{include-group = "test"}, "tox-uv"]\ntest = ["six>=1"]\ndocs = ["sphinx"]\n`,
    },
    ["pip install attrs six>=1"],
  ],
  [
    "dependency groups and what they include",
    {
      "pyproject.toml": `[project]\nname = "pkg"\ndependencies = ["attrs"]
[dependency-groups]\ndev = [{include-group = "typed"}, "mypy"]\ntyped = ["six>=1"]\ndocs = ["sphinx"]\n`,
    },
    ["pip install attrs six>=1 mypy"],
  ],
  [
    "Poetry's groups, with its carets and tildes as pip's",
    {
      "pyproject.toml": `[tool.poetry]\npackage-mode = false
[tool.poetry.dependencies]\npython = "^3.9"\nattrs = "^0.2.3"\nown = {path = "../own"}
[tool.poetry.group.dev.dependencies]\nsix = {version = "~1.16", extras = ["a"]}\nmock = "*"\nold = "1.0"\n`,
    },
    ["pip install six[a]>=1.16,<1.17 mock old==1.0 attrs>=0.2.3,<0.3"],
  ],
  [
    "a Pipfile",
    { Pipfile: '[packages]\nsix = "*"\n[dev-packages]\nmock = ">=4"\n' },
    ["pip install six mock>=4"],
  ],
  [
    "tox's dependencies",
    {
      "tox.ini":
        "[testenv]\ndeps =\n  six  # why\n  -rreqs.txt\n  py27: old\n  {env:X}\n[other]\ndeps = no\n",
      "reqs.txt": "",
    },
    ["pip install -r reqs.txt", "pip install six"],
  ],
  [
    "pytest where tests use it",
    { "requirements.txt": "six\n", "tests/test_a.py": "def test_a(): pass\n" },
    ["pip install -r requirements.txt", "pip install pytest"],
  ],
])("%s is installed", async (_, files, names) => {
  expect(await namesOf(files)).toEqual(names);
});

test("a lock file pins what is installed by name, and neither the project nor what has two versions", async () => {
  const lock = `[[package]]\nname = "six"\nversion = "1.16.0"\nsource = { registry = "https://pypi.org/simple" }
[[package]]\nname = "pkg"\nversion = "1"\nsource = { editable = "." }
[[package]]\nname = "twice"\nversion = "1"\n[[package]]\nname = "twice"\nversion = "2"\n`;
  const found = await plan({
    "pyproject.toml": `[project]\nname = "pkg"\ndependencies = ["six"]\n`,
    "uv.lock": lock,
  });

  expect(found?.steps[1]?.script).toContain("six==1.16.0");
  expect(found?.steps[1]?.script).not.toMatch(/pkg==|twice==/);
});

test("what a requirements file includes decides the environment too", async () => {
  const found = await plan({
    "requirements/dev.txt": "-r base.txt\n-c ../pins.txt\n--requirement=gone.txt\n",
    "requirements/base.txt": "six\n",
    "pins.txt": "six==1\n",
  });

  expect(found?.inputs).toEqual(["requirements/dev.txt", "requirements/base.txt", "pins.txt"].sort(byOrder));
});
const order = ["requirements/dev.txt", "requirements/base.txt", "pins.txt"];
const byOrder = (a: string, b: string): number => order.indexOf(a) - order.indexOf(b);

test("the sources of machine code decide the environment of a project that builds some", async () => {
  const files = {
    "setup.py": "setup(ext_modules=[Extension('pkg.fast', ['pkg/fast.c'])])",
    "pkg/fast.c": "",
  };

  expect((await plan(files))?.inputs).toEqual(["setup.py", "pkg/fast.c"]);
});

test("a hostile requirement is one word of the shell, and no option", async () => {
  const found = await plan({
    "pyproject.toml": `[project]\nname = "p"\ndependencies = ["six; touch /tmp/x", "--index-url=http://evil", "a'b"]\n`,
  });

  expect(found?.steps[1]?.script).toContain(`pip_install 'six; touch /tmp/x' 'a'\\''b'\n`);
  expect(found?.steps[1]?.script).not.toContain("--index-url");
});

test.each([
  ["pyproject.toml", "not = [toml"],
  ["pyproject.toml", "project = 3"],
  ["Pipfile.lock", "{"],
  ["uv.lock", "[[package]]\nname = 3"],
])("a broken %s does not stop the planning", async (path, text) => {
  expect(await plan({ [path]: text, "requirements.txt": "six\n" })).not.toBeNull();
});

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const withoutPip =
  !required && spawnSync("python3", ["-c", "import pip, venv"], { stdio: "ignore" }).status !== 0;

describe.skipIf(withoutPip)("the steps of a real project (needs python3 with pip and venv)", () => {
  const run = promisify(execFile);
  const shell = (script: string, cwd: string, env: string) =>
    run("sh", ["-c", script], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: env, COPATCHER_ENV: env, PIP_RETRIES: "0", PIP_TIMEOUT: "1" },
    });

  test(
    "leave what fresh copies of the tree need, without touching what is there",
    { timeout: 120_000 },
    async () => {
      const place = await mkdtemp(join(tmpdir(), "copatcher-setup-"));
      const tree = join(place, "tree");
      const env = join(place, "env");
      await mkdir(env);
      await lay(tree, { "requirements.txt": "", "keep.txt": "base\n" });
      const found = await plan({ "requirements.txt": "" });

      for (const step of found?.steps ?? []) {
        await shell(step.script, tree, env);
        // stands for an installation in place
        await lay(tree, { "pkg.egg-info/PKG-INFO": "made\n", "pkg/_version.py": "99\n" });
      }
      const fresh = join(place, "fresh");
      await lay(fresh, { "pkg/_version.py": "a candidate's\n" });
      const { stdout } = await shell(
        `${found?.activate}python3 -c 'import sys; print(sys.prefix)'`,
        fresh,
        env,
      );

      expect(stdout.trim()).toBe(join(env, "venv"));
      expect(await readFile(join(fresh, "pkg.egg-info/PKG-INFO"), "utf8")).toBe("made\n");
      expect(await readFile(join(fresh, "pkg/_version.py"), "utf8")).toBe("a candidate's\n");
      await expect(readFile(join(fresh, "keep.txt"))).rejects.toThrow("ENOENT");
    },
  );

  test("end with a clear last line where the image has no pip", async () => {
    const place = await mkdtemp(join(tmpdir(), "copatcher-setup-"));
    const [first] = (await plan({ "requirements.txt": "" }))?.steps ?? [];
    const bare = join(place, "bin");
    await lay(bare, {});
    await writeFile(join(bare, "python3"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });

    await expect(shell(`PATH=${bare}:$PATH\n${first?.script}`, place, place)).rejects.toMatchObject({
      stderr: expect.stringMatching(/python3-venv\)\n$/),
    });
  });
});

async function lay(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
