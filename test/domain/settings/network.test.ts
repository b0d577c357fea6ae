import { expect, test } from "vitest";
import { RepoSettings } from "../../../src/domain/settings.ts";

const reads = (entry: string): boolean => RepoSettings.safeParse({ network: { setup: [entry] } }).success;

test.each(["pypi.org", "*.npmjs.org", "registry.corp:8443", "PyPI.org"])("%s is a host", (entry) => {
  expect(reads(entry)).toBe(true);
});

test.each([
  "https://pypi.org",
  "pypi.org/simple",
  "127.0.0.1",
  "[::1]",
  "0x7f.1",
  "*",
  "a b",
  "x:y",
  "",
  `${"a.".repeat(200)}org`,
])("%j is none", (entry) => {
  expect(reads(entry)).toBe(false);
});
