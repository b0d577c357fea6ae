import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TreeArchive } from "../../src/ports/workspace.ts";

export type BenchTree = {
  readonly name: "small" | "large";
  readonly archive: TreeArchive;
  /** Five commands: four scripts that import and assert, and a small test module. */
  readonly scripts: readonly string[];
};

/** How large a generated repository is; `files` counts its modules too, and the rest weighs `fillMb`. */
export type Shape = {
  readonly modules: number;
  readonly imported: number;
  readonly files: number;
  readonly fillMb: number;
};

export const shapes: Readonly<Record<BenchTree["name"], Shape>> = {
  small: { modules: 30, imported: 5, files: 42, fillMb: 0 },
  // as Django with translations and test data; `django.setup()` with its bundled apps loads about 700 modules
  large: { modules: 2400, imported: 700, files: 7000, fillMb: 130 },
};

/** A Python repository of the given size, its bytecode compiled as a session's warm-up leaves it. */
export function makeTree(name: BenchTree["name"], directory: string): BenchTree {
  const shape = shapes[name];
  const root = join(directory, name);
  writeTree(root, shape);
  execFileSync("python3", ["-m", "compileall", "-q", root]);
  const file = join(directory, `${name}.tar`);
  execFileSync("tar", ["-C", root, "--owner=0", "--group=0", "-cf", file, "."]);
  const scripts = [0, 1, 2, 3].map((script) => `python3 -c '${scriptText(script, shape.imported)}'`);
  return {
    name,
    archive: { file, sha: "0".repeat(40), bytes: statSync(file).size, files: shape.files + shape.modules },
    scripts: [...scripts, "python3 -m unittest -q tests.test_app"],
  };
}

/** The sources of a repository of this shape, without bytecode. */
export function writeTree(root: string, shape: Shape): void {
  const modules = Array.from({ length: shape.modules }, (_, index) => index);
  for (const index of modules) write(root, modulePath(index), moduleText(index));
  for (let index = 0; index < shape.modules; index += 50)
    write(root, `app/part${index / 50}/__init__.py`, "");
  write(root, "app/__init__.py", "");
  write(root, "tests/test_app.py", testText(shape.imported));
  const rest = Math.max(0, shape.files - shape.modules - Math.ceil(shape.modules / 50) - 2);
  const bytes = rest === 0 ? 0 : Math.floor((shape.fillMb * 2 ** 20) / rest);
  for (let index = 0; index < rest; index += 1) {
    write(
      root,
      `data/${Math.floor(index / 100)}/text${index}.txt`,
      "lorem ipsum dolor \n".repeat(bytes / 19),
    );
  }
}

/** The file that a candidate changes. */
export const patchedFile = {
  place: "tree",
  path: modulePath(0),
  content: `${moduleText(0)}# patched\n`,
} as const;

export function modulePath(index: number): string {
  return `app/part${Math.floor(index / 50)}/module${index}.py`;
}

const moduleName = (index: number): string => `app.part${Math.floor(index / 50)}.module${index}`;

export function moduleText(index: number, things = 12): string {
  const one = (n: number) =>
    `class Thing${n}:\n    """A thing."""\n\n    def __init__(self, value=${n}):\n        self.value = value\n\n` +
    `    def scaled(self, factor=2):\n        if factor < 0:\n            raise ValueError("negative")\n` +
    `        return [self.value * factor + step for step in range(3)]\n\n\n`;
  return `import os\nimport re\n\n\n${Array.from({ length: things }, (_, n) => one(n + index)).join("")}`;
}

const scriptText = (script: number, imported: number): string =>
  `import importlib\nfor n in range(${imported}):\n    m = importlib.import_module("app.part%d.module%d" % (n // 50, n))\n` +
  `assert m.Thing${imported - 1 + script}(3).scaled() == [6, 7, 8]`;

const testText = (imported: number): string =>
  `import importlib\nimport unittest\n\n\nclass AppTest(unittest.TestCase):\n    def test_things(self):\n` +
  `        for n in range(${imported}):\n            importlib.import_module("app.part%d.module%d" % (n // 50, n))\n\n` +
  `    def test_one(self):\n        from ${moduleName(0)} import Thing0\n        self.assertEqual(Thing0(1).scaled(), [2, 3, 4])\n`;

function write(root: string, path: string, content: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
