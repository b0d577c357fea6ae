import { beforeAll, describe, expect, test } from "vitest";
import { createJavaScript } from "../../../src/languages/javascript/javascript.ts";
import type { Language, TestPlan, TestSelection } from "../../../src/languages/language.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

let javascript: Language;
beforeAll(async () => {
  javascript = await createJavaScript();
});

type Files = Readonly<Record<string, string>>;

const plan = (files: Files, selection: Partial<TestSelection> = {}): Promise<TestPlan | null> =>
  javascript.planTests(memoryCheckout(files), { suspects: [], command: null, maxFiles: 20, ...selection });

const script = (test: string, more: Readonly<Record<string, string>> = {}): Files => ({
  "package.json": JSON.stringify({ scripts: { test, ...more } }),
  "test/a.test.js": "",
});

describe("the runner of a test plan", () => {
  test.each([
    ["vitest", "vitest run test/a.test.js"],
    ["vitest --coverage --watch", "vitest run test/a.test.js"],
    ["npx jest --watch", "jest test/a.test.js"],
    ["eslint . && NODE_ENV=test jest", "jest test/a.test.js"],
    ["cross-env A=b c8 --all mocha 'test/**/*.js'", "mocha test/a.test.js"],
    ["./node_modules/.bin/mocha --recursive", "mocha test/a.test.js"],
    ["node --experimental-vm-modules node_modules/jest/bin/jest.js", "jest test/a.test.js"],
    ["jasmine --config=jasmine.json", "jasmine test/a.test.js"],
    ["node --import tsx --test 'test/*.ts'", "node --test test/a.test.js"],
    ["tsx --test", "tsx --test test/a.test.js"],
    ["react-scripts test", "react-scripts test test/a.test.js"],
    ["npm run unit", "mocha test/a.test.js"],
    ["run-s lint unit", "mocha test/a.test.js"],
    ["yarn unit", "mocha test/a.test.js"],
    ["npm test", "mocha test/a.test.js"],
    ["ava", "mocha test/a.test.js"],
  ])("of the script %j is what it ends in, or what another script ends in", async (text, command) => {
    const own = await plan(script(text, { "test:unit": "mocha", unit: "mocha", lint: "eslint ." }));

    expect(own?.command).toBe(command);
  });

  test("is npm's own where no script is known", async () => {
    expect((await plan(script("ava")))?.command).toBe("npm test --silent");
    expect(await plan(script('echo "Error: no test specified" && exit 1'))).toBeNull();
  });

  test.each([
    ["a configuration", { "vitest.config.ts": "" }, "vitest run test/a.test.js"],
    ["a dependency", { "package.json": '{"devDependencies":{"jest":"1"}}' }, "jest test/a.test.js"],
  ])("is told by %s where there is no script", async (_, files, command) => {
    expect((await plan({ "package.json": "{}", "test/a.test.js": "", ...files }))?.command).toBe(command);
  });

  test("is that of the suspect's package where the root has none", async () => {
    const files = {
      "package.json": '{"scripts":{"test":"turbo run test"}}',
      "packages/a/package.json": '{"scripts":{"test":"jest"}}',
      "packages/a/a.test.js": "",
      "packages/b/package.json": '{"scripts":{"test":"vitest"}}',
      "packages/b/src/b.js": "",
      "packages/b/b.test.js": "",
    };

    const own = await plan(files, { suspects: ["packages/b/src/b.js"] });

    expect(own?.command).toBe("cd packages/b && vitest run b.test.js");
    expect(own?.selected).toEqual(["packages/b/b.test.js"]);
  });

  const workspaces: Files = {
    "package.json": '{"scripts":{"test":"turbo run test"},"devDependencies":{"vitest":"3"}}',
    "packages/b/package.json": '{"scripts":{"test":"vitest"}}',
    "packages/b/src/b.js": "",
    "packages/b/b.test.js": "",
    "scripts/a.js": "",
    "scripts/a.test.js": "",
  };

  test.each([
    ["packages/b/src/b.js", "cd packages/b && vitest run b.test.js"],
    ["scripts/a.js", "vitest run packages/b/b.test.js scripts/a.test.js"],
  ])("is that of the package around %s where the root only depends on one", async (suspect, command) => {
    const own = await plan(workspaces, { suspects: [suspect] });

    expect(own?.command).toBe(command);
  });

  test("is the same for the canary, whatever the tests lie in", async () => {
    const checkout = memoryCheckout(workspaces);
    const own = await plan(workspaces, { suspects: ["scripts/a.js"] });
    const canary = own && (await javascript.canary(checkout, own, "token"));

    expect(canary?.script).toContain(" packages/b/b.test.js scripts/a.test.js packages/b/token.test.js\n");
  });

  test("is the root's where its configuration says so", async () => {
    const own = await plan({ ...workspaces, "vitest.config.ts": "" }, { suspects: ["packages/b/src/b.js"] });

    expect(own?.command).toMatch(/^vitest run packages/);
  });

  test("is found among the programs of its own package", async () => {
    const own = await plan(workspaces, { suspects: ["packages/b/src/b.js"] });

    expect(own?.script).toContain('cd packages/b || exit\nPATH="$(pwd)/node_modules/.bin:$PATH"\n');
  });

  test("keeps the script's options and variables that matter", async () => {
    const mocha = await plan(script("A=b mocha -r ts-node/register --ui tdd --reporter dot 'test/**/*.ts'"));
    const node = await plan(
      script("NODE_OPTIONS=--experimental-vm-modules jest -c jest.unit.json --verbose"),
    );

    expect(mocha?.script).toContain('mocha_options.cjs" -r ts-node/register --ui tdd >');
    expect(mocha?.script).toContain("export A=b\n");
    expect(node?.script).toContain(
      "export NODE_OPTIONS=--experimental-vm-modules\njest -c jest.unit.json --ci",
    );
  });

  test("gets file names and options as single words of the shell", async () => {
    const own = await plan({ ...script("mocha --ui 'a; touch x'"), "-c/b $(x).test.js": "" });

    expect(own?.script).toContain("'./-c/b $(x).test.js'");
    expect(own?.script).toContain("--ui 'a; touch x'");
  });

  test("is the command of the settings when there is one", async () => {
    expect((await plan(script("jest"), { command: "make check" }))?.command).toBe("make check");
  });
});

describe("the selection of a test plan", () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`test/m${index}.test.js`, ""]));

  test.each([
    'import { x } from "../src/rates.js";',
    "const x = require('../src/rates');",
    'import("../src/rates")',
  ])("starts with the tests that load a suspect by %j", async (line) => {
    const files = {
      "package.json": '{"scripts":{"test":"jest"}}',
      ...many,
      "test/z.test.js": line,
      "src/rates.ts": "",
    };

    expect((await plan(files, { suspects: ["src/rates.ts"], maxFiles: 2 }))?.selected[0]).toBe(
      "test/z.test.js",
    );
  });

  test("starts with the test named after a suspect", async () => {
    const files = { "package.json": '{"scripts":{"test":"jest"}}', ...many, "src/m17/index.ts": "" };

    expect((await plan(files, { suspects: ["src/m17/index.ts"], maxFiles: 2 }))?.selected[0]).toBe(
      "test/m17.test.js",
    );
  });

  test("leaves helpers, data and end-to-end tests out", async () => {
    const files = {
      "package.json": '{"scripts":{"test":"mocha"}}',
      "test/rates.js": "",
      "test/helpers.js": "",
      "test/fixtures/a.js": "",
      "e2e/a.test.js": "",
    };

    expect((await plan(files))?.selected).toEqual(["test/rates.js"]);
  });

  test.each<[string, string, Files, readonly string[]]>([
    ["test.js at the top", "mocha test.js", { "test.js": "" }, ["test.js"]],
    ["test.js beside its source", "jest", { "src/add/test.js": "" }, ["src/add/test.js"]],
    [
      "jasmine's names",
      "jasmine",
      { "spec/PlayerSpec.js": "", "spec/support/a.js": "" },
      ["spec/PlayerSpec.js"],
    ],
    [
      "files without a name beside a fixture that has one",
      "mocha",
      { "test/rates.js": "", "test/fixtures/a.test.js": "" },
      ["test/rates.js"],
    ],
    [
      "files without a name, of which one has one",
      "mocha",
      { "test/rates.js": "", "test/cart.js": "", "test/page.test.js": "" },
      ["test/cart.js", "test/page.test.js", "test/rates.js"],
    ],
    [
      "named files, without the few beside them",
      "mocha",
      { "test/rates.test.js": "", "test/cart.test.js": "", "test/server.js": "" },
      ["test/cart.test.js", "test/rates.test.js"],
    ],
    [
      "tests of a folder for fixtures of its own",
      "vitest",
      { "src/fixtures/a.test.ts": "" },
      ["src/fixtures/a.test.ts"],
    ],
    [
      "no source by the name of test where others have names",
      "jest",
      { "src/commands/test.js": "", "src/a.test.js": "" },
      ["src/a.test.js"],
    ],
  ])("knows %s", async (_, text, files, selected) => {
    const own = await plan({ "package.json": JSON.stringify({ scripts: { test: text } }), ...files });

    expect(own?.selected).toEqual(selected);
  });

  test("is left to npm where the runner is known and its files are not", async () => {
    const own = await plan({ "package.json": '{"scripts":{"test":"jest"}}', "test/rates.js": "" });

    expect(own).toMatchObject({ command: "npm test --silent", selected: [] });
  });

  test("starts with the test that jasmine's names tell", async () => {
    const specs = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`spec/M${index}Spec.js`, ""]));
    const files = { "package.json": '{"scripts":{"test":"jasmine"}}', ...specs, "src/M17.js": "" };

    expect((await plan(files, { suspects: ["src/M17.js"], maxFiles: 2 }))?.selected[0]).toBe(
      "spec/M17Spec.js",
    );
  });
});
