import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkSettings } from "../src/runs/settings-file.ts";
import { withVariables } from "../.ci/readme-variables.ts";

const file = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), "utf8");

test("README lists every environment variable as it is read", async () => {
  const readme = await file("README.md");

  expect(readme, "stale: run `npx tsx .ci/readme-variables.ts`").toBe(await withVariables(readme));
});

test("README names only scripts and files that exist", async () => {
  const readme = await file("README.md");
  const { scripts } = JSON.parse(await file("package.json")) as { readonly scripts: Record<string, string> };

  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? "");

  expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  await expect(
    Promise.all(links.filter((path) => !path.endsWith("decisions")).map(file)),
  ).resolves.toBeDefined();
});

test("the settings that README shows are valid", async () => {
  const readme = await file("README.md");
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];

  const shown = checkSettings(new TextEncoder().encode(yaml ?? "no settings are shown"));

  expect(shown).toMatchObject({ values: { tests: { max_files: 10 } }, problems: [] });
});
