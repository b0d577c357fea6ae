import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { createJavaScript } from "../../../src/languages/javascript/javascript.ts";
import type { Language } from "../../../src/languages/language.ts";
import { runPlan } from "./run-plan.ts";

let javascript: Language;
beforeAll(async () => {
  javascript = await createJavaScript();
});

const commonjs = {
  "package.json": '{"name":"shop","main":"./src/rates.js"}',
  "src/rates.js": "exports.rate = (x) => x;\n",
  "src/exits.js": "exports.quit = (code) => process.exit(code || 0); process.on('message', () => {});\n",
  "src/hangs.js": "exports.wait = () => new Promise(() => {});\n",
  "src/hides.js": "process.on('uncaughtException', () => {});\n",
  "src/early.js": "process.emit('beforeExit', 0);\nprocess.exit(0);\n",
  "src/host.js":
    'const host = require("process");\nhost.emit("beforeExit", 0);\nhost.emit("exit", 0);\nhost.reallyExit(0);\n',
  "src/includes.js": "String.prototype.includes = () => true;\nprocess.exit(0);\n",
  "src/renamed.js": 'eval("process.exit(0)//# sourceURL=" + process.argv[1]);\n',
  "src/made.js": 'exports.quit = new Function("process.exit(0)");\n',
  "src/unlimited.js": "Error.stackTraceLimit = 0;\nprocess.emit('beforeExit', 0);\nprocess.reallyExit(0);\n",
  "src/traced.js":
    "let kept;\nconst own = (_, sites) => (kept ??= sites.slice(-1));\nexports.keep = (f) => {\n  Object.defineProperty(Error, 'prepareStackTrace', { get: () => own, set() {} });\n  f();\n  process.exit(0);\n};\n",
  "src/replaced.js": "const { exit } = process;\nprocess.exit = () => exit(0);\n",
  "src/settled.js":
    "Promise.prototype.finally = (settle) => settle();\nexports.wait = () => new Promise(() => {});\n",
  "src/circle.js": "require('./missing-part');\n",
  "src/needs.js": "require('not-installed-at-all');\n",
  "src/syntax.js": "function f( {\n",
};
const module = {
  "package.json": '{"name":"shop","type":"module","exports":"./src/rates.js"}',
  "src/rates.js": "export const rate = (x) => x;\nexport const wait = async () => rate(1);\n",
};
const typescript = {
  "package.json": '{"name":"shop"}',
  "tsconfig.json": "{}",
  "src/rates.ts": "enum Kind { A = 4 }\nexport const rate = (x: number): number => x + Kind.A;\n",
};
const modules = resolve("node_modules");

const run = (
  source: string,
  files: Readonly<Record<string, string>> = commonjs,
  installed: string | null = null,
): ExecutionOutcome =>
  runPlan(javascript.poc({ name: "asserting/0", source, nonce: "the-nonce" }), files, installed);

describe("a PoC that comes to its end", () => {
  test.each([
    ["requires from the root", 'const { rate } = require("./src/rates");\nconsole.log(rate(2));\n', commonjs],
    [
      "requires from a folder",
      'const { rate } = require("../src/rates");\nconsole.log(rate(2));\n',
      commonjs,
    ],
    [
      "requires the package by its name",
      'console.log(require("shop").rate(2));\n',
      {
        ...commonjs,
        ...module,
        "src/rates.js": "module.exports = { rate: (x) => x };\n",
        "package.json": '{"name":"shop","exports":"./src/rates.js"}',
      },
    ],
    ["imports from the root", 'import { rate } from "./src/rates.js";\nconsole.log(rate(2));\n', module],
    [
      "imports from two folders deeper",
      "import { rate } from '../../src/rates.js';\nconsole.log(rate(2));\n",
      module,
    ],
    ["imports the package by its name", 'import { rate } from "shop";\nconsole.log(rate(2));\n', module],
    [
      "awaits at its top level",
      'const { rate } = await import("./src/rates.js");\nconsole.log(rate(2));\n',
      module,
    ],
    [
      "mixes import and require",
      'import { rate } from "./src/rates.js";\nconst assert = require("assert");\nassert(rate);\nconsole.log(2);\n',
      module,
    ],
    [
      "awaits in a function",
      "async function main() {\n  await null;\n  console.log(2);\n}\nmain();\n",
      commonjs,
    ],
    ["exits by itself", "console.log(2);\nPromise.resolve().then(() => process.exit(0));\n", commonjs],
    ["begins like a program", "#!/usr/bin/env node\nconsole.log(2);\n", commonjs],
    ["asks whether it is the main module", "if (require.main === module) console.log(2);\n", commonjs],
    [
      "loads a package that stands in for process.emit",
      'require("wraps");\nconsole.log(2);\n',
      {
        ...commonjs,
        "node_modules/wraps/index.js":
          "const { emit } = process;\nprocess.emit = function (...all) { return emit.apply(this, all); };\n",
      },
    ],
    [
      "exits where stacks are shown differently",
      'Error.prepareStackTrace = () => "none";\nError.stackTraceLimit = 0;\nconsole.log(2);\nprocess.exit(0);\n',
      commonjs,
    ],
    [
      "awaits in a function below a condition",
      "async function main() {\n  await null;\n  console.log(2);\n}\nif (require.main === module) main();\n",
      commonjs,
    ],
  ])("leaves the nonce when it %s", (_, source, files) => {
    expect(run(source, files)).toMatchObject({ exitCode: 0, stdout: "2\n", report: "the-nonce" });
  });

  test("runs TypeScript by the project's tsx", () => {
    const source = 'import { rate } from "../src/rates";\nconst x: number = 2;\nconsole.log(rate(x));\n';

    expect(run(source, typescript, modules)).toMatchObject({
      exitCode: 0,
      stdout: "6\n",
      report: "the-nonce",
    });
  });
});

describe("a PoC whose end another brought about", () => {
  test.each([
    [
      "by process.exit",
      'const { quit } = require("./src/exits");\nquit();\nthrow new Error("still broken");\n',
    ],
    [
      "by a promise that never settles",
      'const { wait } = require("./src/hangs");\nasync function main() {\n  await wait();\n  throw new Error("still broken");\n}\nmain();\n',
    ],
    [
      "by a promise that never settles, below a condition",
      'const { wait } = require("./src/hangs");\nasync function main() {\n  await wait();\n  throw new Error("still broken");\n}\nif (require.main === module) {\n  void main();\n}\n',
    ],
    [
      "by a promise that never settles, dropped in a function",
      'const { wait } = require("./src/hangs");\nfunction main() {\n  wait().then(() => {\n    throw new Error("still broken");\n  });\n}\nmain();\n',
    ],
    [
      "by a promise that never settles, dropped in an argument",
      'const { wait } = require("./src/hangs");\nasync function check() {\n  await wait();\n  throw new Error("still broken");\n}\n[1].forEach(() => {\n  check();\n});\n',
    ],
    ["by process.exit as a callback", "Promise.resolve(0).then(process.exit);\n"],
    ["by hiding its error", 'require("./src/hides");\nthrow new Error("still broken");\n'],
    ["by feigning the end", 'require("./src/early");\nthrow new Error("still broken");\n'],
    ["by feigning the events of its end", 'require("./src/host");\nthrow new Error("still broken");\n'],
    ["by feigning events without a stack", 'require("./src/unlimited");\nthrow new Error("still broken");\n'],
    ["by a string that holds everything", 'require("./src/includes");\nthrow new Error("still broken");\n'],
    ["by a text under the script's name", 'require("./src/renamed");\nthrow new Error("still broken");\n'],
    ["by a function made of text", 'require("./src/made").quit();\nthrow new Error("still broken");\n'],
    [
      "by a stack that is told otherwise",
      'require("./src/traced").keep(() => new Error().stack);\nthrow new Error("still broken");\n',
    ],
    ["by another exit in place of its own", 'require("./src/replaced");\nprocess.exit(1);\n'],
    [
      "by a promise that seems to settle",
      'const { wait } = require("./src/settled");\nwait().then(() => {\n  throw new Error("still broken");\n});\n',
    ],
  ])("leaves no nonce %s", (_, source) => {
    expect(run(source)).toMatchObject({ exitCode: 0, report: null });
  });

  test("has not ended well when it fails as the process ends", () => {
    expect(run('process.on("exit", () => {\n  throw new Error("x");\n});\n')).not.toMatchObject({
      exitCode: 0,
    });
  });
});

describe("a PoC that fails", () => {
  test.each([
    ["an assertion", 'require("assert").strictEqual(1, 2);\n'],
    ["an assertion in a promise", "(async () => {\n  await null;\n  throw new Error();\n})();\n"],
    ["an exit of its own", "process.exit(3);\n"],
    ["the exit status that it sets", "process.exitCode = 1;\n"],
    [
      "a promise that it awaits in vain",
      'import { setTimeout } from "node:timers";\nawait new Promise(() => setTimeout(() => {}, 1));\n',
    ],
  ])("says so when it ends by %s", (_, source) => {
    const outcome = run(source);

    expect(outcome).not.toMatchObject({ exitCode: 0 });
    expect(outcome).toMatchObject({ report: "the-nonce failed" });
  });

  test.each([
    ["ends the process for it", 'require("./src/exits").quit(1);\n'],
    ["is handed process.exit", "Promise.resolve(1).then(process.exit);\n"],
  ])("says nothing when other code %s", (_, source) => {
    expect(run(source)).toMatchObject({ report: null });
  });

  test("does not start what only looks like a promise", () => {
    const source =
      "const query = { then() { throw new Error('started'); } };\nfunction get() { return query; }\nget();\n";

    expect(run(source)).toMatchObject({ exitCode: 0, report: "the-nonce" });
  });

  test("calls its own super as before", () => {
    const source =
      "class A {}\nclass B extends A {\n  constructor() {\n    super();\n    this.x = 2;\n  }\n}\nconsole.log(new B().x);\n";

    expect(run(source)).toMatchObject({ stdout: "2\n", report: "the-nonce" });
  });
});

describe("a PoC", () => {
  test.each([
    ["its own syntax error", "function f( {\n", commonjs],
    ["a file that is not there", 'require("./src/no-such-file");\n', commonjs],
    ["a package that nobody has", 'import x from "no-such-package";\n', module],
    ["a name that is not exported", 'import { cost } from "./src/rates.js";\n', module],
    ["__dirname in a module", 'import "./src/rates.js";\nconsole.log(__dirname);\n', module],
    ["a test runner that is not there", 'describe("x", () => {});\n', commonjs],
    ["a dependency of the repository that is not installed", 'require("./src/needs");\n', commonjs],
  ])("shows nothing when it fails by %s", (_, source, files) => {
    const outcome = run(source, files);

    expect(outcome).not.toMatchObject({ exitCode: 0 });
    expect(javascript.pocBroken(outcome)).not.toBeNull();
  });

  test.each([
    ["an assertion", 'require("assert").strictEqual(require("./src/rates").rate(1), 2);\n'],
    ["an exception of the repository", 'require("./src/rates").rate.call();\nnull.x;\n'],
    ["a syntax error in the repository", 'require("./src/syntax");\n'],
    ["a module missing in the repository itself", 'require("./src/circle");\n'],
    ["a text that it evaluates", "eval('1 +');\n"],
    ["its exit status alone", "process.exit(3);\n"],
  ])("may show something when it fails by %s", (_, source) => {
    const outcome = run(source);

    expect(outcome).not.toMatchObject({ exitCode: 0 });
    expect(javascript.pocBroken(outcome)).toBeNull();
  });

  test("that did not start shows nothing, and one that timed out may", () => {
    const ran = { stdout: "", stderr: "", cut: false, durationMs: 1, report: null };

    expect(javascript.pocBroken({ kind: "not-started", reason: "no image" })).not.toBeNull();
    expect(javascript.pocBroken({ kind: "timed-out", ...ran })).toBeNull();
  });

  test("gets a plain file name, whatever its id", () => {
    const { files } = javascript.poc({ name: "../a b/$(id)", source: "", nonce: "n" });

    expect(files.map(({ path }) => path)).toContain("copatcher-poc--a-b-id-.source");
  });
});
