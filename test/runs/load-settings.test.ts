import { expect, test } from "vitest";
import { defaultSettings } from "../../src/domain/settings.ts";
import { readSettings } from "../../src/runs/load-settings.ts";

test.each(["", "# only a comment\n", "{}"])("%j means the defaults", (text) => {
  expect(readSettings(text)).toEqual(defaultSettings);
});

test("given settings replace the defaults beside the others", () => {
  const settings = readSettings("tests: {max_files: 3}\npr: {mode: draft}\n");

  expect(settings.tests).toEqual({ ...defaultSettings.tests, max_files: 3 });
  expect(settings.pr.mode).toBe("draft");
});

test.each([
  ["not YAML", "tests: [", "is not YAML"],
  ["an unknown key", "test: {}", "test"],
  ["a wrong type", "tests: {max_files: many}", "tests.max_files"],
  ["several problems at once", "version: 2\npr: {mode: merge}", "pr.mode"],
  ["a name that no shell takes", "environment: {env: {'A B': x}}", "environment.env"],
  ["an alias bomb", "a: &a [x]\nb: [*a, *a]", "copatcher.yml"],
])("%s is refused with the place in the message", (_, text, words) => {
  expect(() => readSettings(text)).toThrow(words);
});
