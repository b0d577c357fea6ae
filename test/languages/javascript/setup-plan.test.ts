import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SetupPlan } from "../../../src/domain/environment.ts";
import { planJavaScriptSetup } from "../../../src/languages/javascript/setup-plan.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

type Files = Readonly<Record<string, string>>;

async function plan(files: Files): Promise<SetupPlan> {
  const made = await planJavaScriptSetup(memoryCheckout(files));
  if (made === null) throw new Error("no plan");
  return made;
}
const scriptOf = ({ steps }: SetupPlan): string => steps.map(({ script }) => script).join("\n");
const lock = (scripts: boolean): string =>
  JSON.stringify({
    packages: { "": { hasInstallScript: true }, "node_modules/@a/b": { hasInstallScript: scripts } },
  });

describe("the set-up of a JavaScript repository", () => {
  test("is nothing without a package.json", async () => {
    expect(await planJavaScriptSetup(memoryCheckout({ "a.js": "" }))).toBeNull();
  });

  test.each([
    ["package-lock.json", lock(false), "npm ci --ignore-scripts"],
    ["pnpm-lock.yaml", "lockfileVersion: '6.0'\n", "pnpm@8 install --frozen-lockfile --ignore-scripts"],
    ["yarn.lock", "# yarn lockfile v1\n", "yarn@1.22.22 install --frozen-lockfile --ignore-scripts"],
    ["yarn.lock", "__metadata:\n  version: 8\n", "YARN_NODE_LINKER=node-modules"],
  ])("installs what %s locks", async (file, content, command) => {
    const made = await plan({ "package.json": "{}", [file]: content });

    expect(made.source).toBe(file);
    expect(made.inputs).toEqual(["package.json", file]);
    expect(scriptOf(made)).toContain(command);
  });

  test("takes the version that the repository asks for, and no other text", async () => {
    const files = (manager: string): Files => ({
      "package.json": JSON.stringify({ packageManager: manager }),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    });

    expect(scriptOf(await plan(files("pnpm@9.1.4+sha256.x")))).toContain("pnpm@9.1.4 install");
    expect(scriptOf(await plan(files("pnpm@$(touch x)")))).toContain("pnpm@9 install");
  });

  test("builds only locked packages that have an install script", async () => {
    expect(scriptOf(await plan({ "package.json": "{}", "package-lock.json": lock(true) }))).toContain(
      "npm rebuild @a/b ||",
    );
    expect(scriptOf(await plan({ "package.json": "{}", "package-lock.json": lock(false) }))).not.toContain(
      "npm rebuild",
    );
  });

  test("reads the manifests of workspaces", async () => {
    const files = {
      "packages/a/package.json": "{}",
      "packages/a/fixtures/x/package.json": "{}",
      ".npmrc": "",
    };

    expect((await plan({ "package.json": '{"workspaces":["packages/*"]}', ...files })).inputs).toEqual([
      "package.json",
      ".npmrc",
      "packages/a/package.json",
    ]);
    expect((await plan({ "package.json": "{}", ...files })).inputs).toEqual(["package.json", ".npmrc"]);
  });

  test("leaves links that every fresh tree gets, to its own packages and to those installed", async () => {
    const files = {
      "package.json": '{"workspaces":["packages/*"]}',
      "packages/a b/package.json": '{"name":"@own/a"}',
    };
    const made = await plan(files);
    const work = realpathSync(mkdtempSync(join(tmpdir(), "copatcher-setup-")));
    const [tree, environment] = [join(work, "tree"), join(work, "env")];
    for (const [path, content] of Object.entries(files)) write(join(tree, path), content);
    mkdirSync(environment);
    const run = (script: string): void => {
      const env = { PATH: process.env["PATH"], COPATCHER_ENV: environment };
      const { status, stderr } = spawnSync("sh", ["-c", script], { cwd: tree, encoding: "utf8", env });
      expect([status, stderr]).toEqual([0, ""]);
    };
    const [copy, , link] = made.steps;

    run(copy?.script ?? "exit 9");
    // What npm leaves.
    write(join(environment, "node_modules/dep/index.js"), "module.exports = 'dep';\n");
    write(join(environment, "packages/a b/node_modules/inner/index.js"), "");
    mkdirSync(join(environment, "node_modules/@own"));
    symlinkSync("../../packages/a b", join(environment, "node_modules/@own/a"));
    run(link?.script ?? "exit 9");
    write(join(tree, "node_modules/left-by-another/index.js"), "");
    run(`${made.activate}\nmkdir node_modules/.cache`);

    expect(readFileSync(join(tree, "node_modules/dep/index.js"), "utf8")).toContain("dep");
    expect(realpathSync(join(tree, "node_modules/@own/a"))).toBe(join(tree, "packages/a b"));
    expect(realpathSync(join(tree, "packages/a b/node_modules/inner"))).toBe(
      join(environment, "packages/a b/node_modules/inner"),
    );
    expect(lstatSync(join(tree, "node_modules")).isSymbolicLink()).toBe(false);
    expect(existsSync(join(tree, "node_modules/left-by-another"))).toBe(false);
    expect(existsSync(join(environment, "node_modules/.cache"))).toBe(false);
  });
});

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
