import { expect, test } from "vitest";
import { settingsNotes } from "../../src/report/settings-notes.ts";

test("without notes nothing is said", () => {
  expect(settingsNotes([])).toBe("");
});

test("notes are one line each, without markup, mentions or links", () => {
  const text = settingsNotes(["x\n# big @mona <b> [a](http://b) #12"]);

  expect(text.split("\n").slice(4)).toHaveLength(1);
  expect(text).not.toMatch(/@mona|<b>|\]\(http:\/\/|#12/);
});

test("many or long notes are cut, and how many is said", () => {
  const text = settingsNotes(Array.from({ length: 20 }, () => "&".repeat(1_000)));

  expect(text.length).toBeLessThan(5_000);
  expect(text).toMatch(/- and \d+ more$/);
});
