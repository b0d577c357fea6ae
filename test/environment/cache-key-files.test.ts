import { expect, test } from "vitest";
import { environmentKey } from "../../src/domain/environment-key.ts";
import { RepoSettings } from "../../src/domain/settings.ts";
import { planEnvironment } from "../../src/environment/plan-environment.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

const python = await createPython();
const files = {
  "requirements.txt": "six\n",
  "fast/loop.pyx": "x = 1",
  "fast/deep/sum.pyx": "y = 1",
  "a.py": "",
};

const plan = (patterns: readonly string[], changed: Readonly<Record<string, string>> = {}) => {
  const settings = RepoSettings.parse({ environment: { setup: ["make"], cache_key_files: patterns } });
  return planEnvironment(memoryCheckout({ ...files, ...changed }), settings, python, null);
};
const keyOf = async (...given: Parameters<typeof plan>) =>
  environmentKey(await plan(...given), "octo", "image", "/repo");

test("files that the settings name are inputs beside the manifests, each once", async () => {
  const { inputs, source } = await plan(["fast/**", "**/*.pyx", "requirements.txt"]);

  expect(inputs).toEqual(["fast/deep/sum.pyx", "fast/loop.pyx", "requirements.txt"]);
  expect(source).toBe("environment.setup of .github/copatcher.yml");
});

test("a change of such a file is another environment, a change of any other file is not", async () => {
  const key = await keyOf(["**/*.pyx"]);

  expect(await keyOf(["**/*.pyx"], { "fast/deep/sum.pyx": "y = 2" })).not.toBe(key);
  expect(await keyOf(["**/*.pyx"], { "a.py": "changed" })).toBe(key);
  expect(await keyOf([], { "fast/deep/sum.pyx": "y = 2" })).toBe(await keyOf([]));
});

test("a pattern that names no file is said where the environment comes from", async () => {
  const { inputs, source } = await plan(["fsat/**", "fast/loop.pyx"]);

  expect(inputs).toEqual(["fast/loop.pyx", "requirements.txt"]);
  expect(source).toBe(
    "environment.setup of .github/copatcher.yml (no file is named by fsat/** of environment.cache_key_files)",
  );
});
