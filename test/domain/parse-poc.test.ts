import { expect, test } from "vitest";
import { parseConclusion, parseJudgement } from "../../src/domain/parse-judgement.ts";
import { parsePoc } from "../../src/domain/parse-poc.ts";

const fences = ["python", "py", "python3"];

test.each([
  ["the last tagged block", "```python\nold\n```\n```py\nnew\n```", "new\n"],
  ["a tagged block before bare output", "```python\ncode\n```\nIt prints:\n```\nout\n```", "code\n"],
  ["a bare block when none is tagged", "```\ncode\n```", "code\n"],
  ["a tag in any case with attributes", "~~~{.Python}\ncode\n~~~", "code\n"],
  [
    "a longer fence around shorter ones",
    "````python\n'''\n```\nx\n```\n'''\n````",
    "'''\n```\nx\n```\n'''\n",
  ],
  ["plain newlines", "```python\r\na\r\nb\r\n```", "a\nb\n"],
  ["an unclosed block of a model that stopped", "```python\ncode", "code\n"],
  ["nothing for other languages", "```bash\npython x.py\n```", null],
  ["nothing for blank blocks", "```python\n\n```", null],
  ["nothing for prose", "import os", null],
])("a PoC answer gives %s", (_, answer, source) => {
  expect(parsePoc(answer, "stop", fences)).toBe(source);
});

test("a PoC that was cut off does not count, a complete one before it does", () => {
  expect(parsePoc("```python\ncode", "length", fences)).toBeNull();
  expect(parsePoc("```python\nwhole\n```\n```python\ncu", "length", fences)).toBe("whole\n");
});

test.each([
  ["<judgement> Yes </judgement>", "yes"],
  ["<judgement>No</judgement>", "no"],
  ["<judgement>**No.**</judgement>", "no"],
  ["<Judgment>YES", "yes"],
  ["<judgement>Yes, no error is left</judgement>", "yes"],
  ["<judgement>The answer is no</judgement>", "no"],
  ["<judgement>Yes</judgement> wait <judgement>No</judgement>", "no"],
  ["<judgement>yesterday</judgement>", "unparsable"],
  ["<judgement>perhaps yes, perhaps no</judgement>", "unparsable"],
  ["<judgement></judgement>", "unparsable"],
  [`<judgement>${"well ".repeat(200)} yes`, "unparsable"],
  ["Yes", "unparsable"],
  ["", "unparsable"],
])("the judgement %j is %s", (answer, judgement) => {
  expect(parseJudgement(answer)).toBe(judgement);
});

test.each([
  ["Conclusion: Right", "right"],
  ["**Conclusion:** Wrong", "wrong"],
  ["Conclusion: **wrong**.", "wrong"],
  ["Conclusion: Wrong\n...\nConclusion: Right", "right"],
  ["Conclusion: wrongly", "right"],
  ["The patch looks fine.", "right"],
])("the critique %j finds the patch %s", (answer, conclusion) => {
  expect(parseConclusion(answer)).toBe(conclusion);
});
