import { expect, test } from "vitest";
import { editDistance, nearestKey } from "../../../src/domain/settings/nearest-key.ts";

test.each([
  ["", "abc", 3],
  ["abc", "abc", 0],
  ["kitten", "sitting", 3],
  // neighbours that changed places are one mistake
  ["mdoe", "mode", 1],
  ["ca", "ac", 1],
])("from %j to %j it is %i", (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
});

test.each([
  [[], "profil", "profile"],
  [["pr"], "Mode", "pr.mode"],
  [["validation", "poc"], "no-assert", "validation.poc.no_assert"],
  [[], "timeout_minutes", "environment.timeout_minutes"],
  [[], "zebra", null],
  [[], "profile".repeat(2_000), null],
] as const)("in %j the key nearest to %.20s is %s", (path, key, nearest) => {
  expect(nearestKey(path, key)).toBe(nearest);
});
