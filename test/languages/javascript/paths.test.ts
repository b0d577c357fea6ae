import { expect, test } from "vitest";
import { isProtected } from "../../../src/domain/repo-path.ts";
import { isJavaScriptSource, isTestPath, shadowsInstalled } from "../../../src/languages/javascript/paths.ts";
import { alarms, protectedPaths } from "../../../src/languages/javascript/protection.ts";

test.each(["src/a.ts", "lib/a.js", "a.mjs", "a.cts", "src/App.tsx", "src/min.js", "bin/cli.cjs", "src/d.ts"])(
  "counts %s to the sources",
  (path) => {
    expect([isJavaScriptSource(path), isTestPath(path)]).toEqual([true, false]);
  },
);

test.each([
  "src/a.d.ts",
  "types/a.d.mts",
  "marked.min.js",
  "lib/marked.umd.js",
  "dist/a.js",
  "packages/x/build/a.js",
  "node_modules/x/a.js",
  "vendor/jquery.js",
  ".yarn/releases/yarn.cjs",
  "a.json",
])("does not count %s to the sources", (path) => {
  expect(isJavaScriptSource(path)).toBe(false);
});

test.each([
  "src/a.test.ts",
  "src/a.spec.jsx",
  "src/a-test.js",
  "test/unit/marked-spec.js",
  "test/helpers.js",
  "test/specs/new/a.md",
  "spec/support/a.js",
  "packages/x/spec/a.js",
  "packages/x/__tests__/a.ts",
  "__mocks__/fs.js",
  "cypress/a.js",
  "e2e/a.ts",
  "test.js",
  "tests.mjs",
  "packages/x/test.ts",
  "src/add-days/test.ts",
])("counts %s to the tests", (path) => {
  expect(isTestPath(path)).toBe(true);
});

test.each([
  "src/testing.ts",
  "src/latest.js",
  "src/openapi/spec/a.ts",
  "src/openapi/spec.ts",
  "src/test-utils.ts",
  "contest/a.js",
  "contest.js",
  "src/attest.ts",
  "src/manifest.js",
  "src/hitTest.js",
  "src/PodSpec.ts",
  "src/Test.jsx",
  "src/routes/tests.js",
  "src/commands/test.ts",
  "lib/models/test.js",
])("does not count %s to the tests", (path) => {
  expect(isTestPath(path)).toBe(false);
});

test.each([
  "package.json",
  "packages/x/package.json",
  "jest.config.ts",
  "vite.config.mts",
  "packages/x/vitest.config.js",
  "vitest.workspace.ts",
  ".mocharc.yml",
  "test/mocha.opts",
  "jasmine.json",
  "spec/support/jasmine.mjs",
  "karma.conf.js",
  "babel.config.cjs",
  ".babelrc",
  "tsconfig.json",
  "tsconfig.build.json",
  ".npmrc",
  ".yarnrc.yml",
  ".pnp.cjs",
  "node_modules/x/index.js",
  "packages/x/node_modules/y.js",
  "src/setupTests.ts",
])("protects %s", (path) => {
  expect(isProtected(path, protectedPaths)).toBe(true);
});

test.each(["src/package.ts", "src/jest.ts", "src/config.js", "src/vite.ts", "lib/tsconfig.js"])(
  "does not protect %s",
  (path) => {
    expect(isProtected(path, protectedPaths)).toBe(false);
  },
);

test.each(["node_modules/assert/index.js", "src/node_modules/x.js", "src/package.json", ".pnp.cjs"])(
  "says what the new file %s would stand in for",
  (path) => {
    expect(shadowsInstalled(path)).not.toBeNull();
    expect(shadowsInstalled("src/new.js")).toBeNull();
  },
);

const alarmed = (line: string): boolean => alarms.some(({ pattern }) => pattern.test(line));

test.each([
  "  process.exit(0);",
  "process.reallyExit(0)",
  "process.on('exit', () => {})",
  "process . exitCode = 0",
  "[Symbol.toPrimitive]() { return 1; }",
  "valueOf() { return 3; }",
  "asymmetricMatch: () => true,",
  "Object.is = () => true;",
  "Array.prototype.map = f;",
  "delete require.cache[x];",
  "import { createRequire } from 'module'",
  "globalThis.expect = x;",
  "expect(1).toBe(1);",
  "jest.mock('x');",
  "describe('x', f)",
  "import assert from 'node:assert';",
  "const { execSync } = require('child_process');",
  "eval(text)",
  "new Function('return 1')",
  "fs.writeFileSync(path, x)",
  "if (process.env.VITEST) return;",
  "const out = process.env['COPATCHER_OUT'];",
])("alarms at %j", (line) => {
  expect(alarmed(line)).toBe(true);
});

test.each([
  "const line = items.map((x) => x.price);",
  "return this.rules.block.heading.test(line);",
  "const test = a === b;",
  "if (pattern.test(x)) return it;",
  "Object.keys(x).forEach(f);",
  "process.nextTick(f);",
  "const medieval = 1;",
])("does not alarm at %j", (line) => {
  expect(alarmed(line)).toBe(false);
});
