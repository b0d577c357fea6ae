import { expect, test } from "vitest";
import { splitReasoning } from "../../src/domain/reasoning.ts";

test.each([
  ["an answer without reasoning", "Yes\n", "", { text: "Yes", reasoning: "" }],
  ["a closed block", "\n<think>\nhm\n</think>\n\nYes", "", { text: "Yes", reasoning: "hm" }],
  ["a block opened by the chat template", "hm\n</think>\nYes", "", { text: "Yes", reasoning: "hm" }],
  ["a block that is never closed", "<think>\nhm, Yes", "", { text: "", reasoning: "hm, Yes" }],
  ["reasoning that the server split off", "Yes", "hm", { text: "Yes", reasoning: "hm" }],
  ["only reasoning from the server", "", "hm", { text: "", reasoning: "hm" }],
  ["field and block together", "<think>b</think>Yes", "a", { text: "Yes", reasoning: "a\nb" }],
  ["an empty block", "<think>\n\n</think>\nYes", "", { text: "Yes", reasoning: "" }],
  ["an empty answer", "", "", { text: "", reasoning: "" }],
])("splits %s", (_what, content, field, expected) => {
  expect(splitReasoning(content, field)).toEqual(expected);
});

test("keeps tags inside the answer", () => {
  const answer = 'text.replace("<think>", "").replace("</think>", "")';

  expect(splitReasoning(answer).text).toBe(answer);
  expect(splitReasoning(`<think>a</think>${answer}`)).toEqual({ text: answer, reasoning: "a" });
});
