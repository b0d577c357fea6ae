import type { Alarm } from "../language.ts";

/**
 * What decides how tests run, and with what. `package.json` is among it as a whole: its scripts are the test command, it
 * may hold the settings of jest, mocha, ava and babel, `type`, `exports` and `imports` decide what a module name loads, and
 * a new dependency could not be installed anyway, since candidates have no network.
 */
export const protectedPaths: readonly string[] = [
  "**/package.json",
  "**/npm-shrinkwrap.json",
  "**/pnpm-workspace.yaml",
  "**/pnpmfile.*",
  "**/.pnpmfile.*",
  "**/lerna.json",
  "**/.npmrc",
  "**/.yarnrc*",
  "**/.yarn/**",
  "**/.pnp.*",
  "**/node_modules/**",
  "**/jest.config*",
  "**/jest.setup*",
  "**/jest-*.config*",
  "**/setupTests.*",
  "**/setup-tests.*",
  "**/vitest.config*",
  "**/vitest.*",
  "**/vite.config*",
  "**/.mocharc*",
  "**/mocha.opts",
  "**/jasmine.json",
  "**/jasmine.js",
  "**/jasmine.mjs",
  "**/karma.conf*",
  "**/ava.config*",
  "**/.taprc*",
  "**/playwright.config*",
  "**/cypress.config*",
  "**/web-test-runner.config*",
  "**/babel.config*",
  "**/.babelrc*",
  "**/.swcrc*",
  "**/tsconfig*.json",
  "**/jsconfig.json",
  "**/.nycrc*",
  "**/.c8rc*",
  "**/.env",
  "**/.env.*",
];

/** Ways in which code could make a test run, or a PoC, say something else than what it does. */
export const alarms: readonly Alarm[] = [
  { pattern: /\bprocess\s*\.\s*(exit|reallyExit|abort|kill|dlopen|binding)\b/, meaning: "ends the process" },
  { pattern: /\bprocess\s*\.\s*exitCode\b/, meaning: "sets the exit status" },
  {
    pattern: /\bprocess\s*\.\s*(on|once|addListener|prependListener|removeAllListeners|emit)\s*\(/,
    meaning: "listens to the end or the errors of the process",
  },
  {
    pattern:
      /Symbol\s*\.\s*(toPrimitive|hasInstance|toStringTag)\b|\b(valueOf|asymmetricMatch|toJSON)\s*[(:=]/,
    meaning: "makes an object equal to what it is compared with",
  },
  { pattern: /\bObject\s*\.\s*is\s*=[^=]/, meaning: "replaces the comparison that tests use" },
  {
    pattern:
      /\b(Object|Array|Function|Promise|Error|Map|Set|RegExp|String|Number|JSON|Reflect)(\s*\.\s*prototype)?\s*\.\s*\w+\s*=[^=]/,
    meaning: "changes a built-in object",
  },
  {
    pattern:
      /\brequire\s*\.\s*(cache|extensions)\b|\bModule\s*\.\s*_\w+|\bcreateRequire\b|\bsyncBuiltinESMExports\b/,
    meaning: "reaches into the module system",
  },
  { pattern: /\b(node:)?module['"]|\bregisterHooks?\b/, meaning: "reaches into the module system" },
  { pattern: /\b(globalThis|global)\s*(\.|\[)/, meaning: "reads or changes globals" },
  {
    pattern: /(^|[^.\w$])(expect|describe|it|test|jest|vi|vitest|mocha|jasmine|chai|sinon)\s*[.(]/,
    meaning: "uses a name of the test runner outside of tests",
  },
  {
    pattern: /['"](node:)?(assert|assert\/strict|test|test\/reporters)['"]/,
    meaning: "loads what tests judge by",
  },
  {
    pattern: /['"](node:)?(child_process|worker_threads|cluster|vm|v8|inspector)['"]/,
    meaning: "starts other code",
  },
  { pattern: /(^|[^.\w$])eval\s*\(|\bnew\s+Function\s*\(/, meaning: "runs text as code" },
  {
    pattern: /\b(writeFile|appendFile|createWriteStream|openSync|rename|symlink|copyFile)(Sync)?\b/,
    meaning: "writes files",
  },
  {
    pattern: /COPATCHER_|JEST_WORKER_ID|VITEST\b|NODE_TEST_CONTEXT|NODE_V8_COVERAGE|\bNODE_ENV\b.*\btest\b/,
    meaning: "looks whether it is being tested",
  },
];
