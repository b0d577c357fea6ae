import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEdits } from "../../src/domain/parse-edits.ts";
import { parseConclusion, parseJudgement } from "../../src/domain/parse-judgement.ts";
import { parseFileList, parseLocations } from "../../src/domain/parse-locations.ts";
import { parsePoc } from "../../src/domain/parse-poc.ts";
import { splitReasoning } from "../../src/domain/reasoning.ts";

const tree = ["a.py", "pkg/a.py", "pkg/b.py", "constructor", "__proto__"];

/** What replies are made of, and what they are not made of. */
const piece = fc.constantFrom(
  "<think>",
  "</think>",
  "```",
  "```python",
  "~~~",
  "<<< MODIFIED FILE: a.py >>>",
  "<<< END MODIFIED FILE >>>",
  "<<<<<<< SEARCH",
  "=======",
  ">>>>>>> REPLACE",
  "<<<<<<< HEAD",
  "### pkg/b.py",
  "a.py:1-",
  "line: 99999999999-1",
  "function: (((",
  "class: __proto__",
  "<judgement>",
  "</judgement>",
  "yes",
  "no",
  "Conclusion: ",
  "\r\n",
  "\0",
  "\uD800",
  "\u2028",
  "﷽".repeat(50),
);
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((all) => String.fromCharCode(...all));
const reply = fc
  .array(fc.oneof({ weight: 4, arbitrary: piece }, units, fc.constant("\n")), {
    maxLength: 30,
  })
  .chain((parts) => fc.constantFrom(parts.join("\n"), parts.join("")));

const readers = {
  reasoning: (text: string) => typeof splitReasoning(text).text === "string",
  edits: (text: string) => {
    const parsed = parseEdits(text);
    return parsed.ok ? parsed.edits.length > 0 : parsed.rejection.detail !== "";
  },
  files: (text: string) => parseFileList(text, tree).every((path) => tree.includes(path)),
  places: (text: string) => parseLocations(text, tree).every(({ path }) => tree.includes(path)),
  script: (text: string) => parsePoc(text, "stop", ["python"])?.endsWith("\n") !== false,
  judgement: (text: string) => ["yes", "no", "unparsable"].includes(parseJudgement(text)),
  review: (text: string) => ["right", "wrong"].includes(parseConclusion(text)),
};

describe("any text at all", () => {
  test.each(Object.entries(readers))("is read for its %s without failing", (_, reads) => {
    fc.assert(
      fc.property(reply, (text) => {
        expect(reads(text)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("two hundred thousand characters made to be slow", () => {
  const garbage = [
    "```\n".repeat(50_000),
    "a.py\n".repeat(40_000),
    `a.py${":".repeat(200_000)}`,
    "```\na.py\n```\n".repeat(16_000),
    `\`\`\`\n\`\`\`\n\`\`\`\n${"\n".repeat(200_000)}`,
    "line: 1-\n".repeat(20_000),
    "<judgement>".repeat(18_000),
    `<judgement>${"_".repeat(200_000)}`,
    "conclusion: ".repeat(16_000),
    "<think>".repeat(28_000),
    "<<<<<<< HEAD\n".repeat(15_000),
    "<<< MODIFIED FILE: a.py >>>\n<<<<<<< SEARCH\nx\n".repeat(4_000),
  ];

  test.each(Object.entries(readers))("is read for its %s in under a second", (_, reads) => {
    for (const text of garbage) {
      const started = process.cpuUsage();
      expect(reads(text)).toBe(true);
      expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
    }
  });
});
