import { expect, test } from "vitest";
import { standsAlone } from "../../src/domain/stands-alone.ts";

test.each([
  "## What\n\ntext",
  "- [ ] tests\n- [ ] docs",
  "```\ncode\n```",
  "> quote",
  "- item\n  ```\n  never closed",
  "| a |\n| - |",
  "text  ",
])("%j leaves what follows alone", (text) => {
  expect(standsAlone(text)).toBe(true);
});

test.each(["```\nnever closed", "~~~~\n```", "<!-- never closed", "<pre>\nx", "<script>"])(
  "%j swallows what follows",
  (text) => {
    expect(standsAlone(text)).toBe(false);
  },
);
