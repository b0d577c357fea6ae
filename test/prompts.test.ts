import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadPromptBook } from "../src/adapters/files/prompt-book.ts";
import { render } from "../src/pipeline/prompt.ts";
import { recordedStages } from "../src/simulator/replies.ts";
import type { Prompt } from "../src/ports/prompt-book.ts";

const book = await loadPromptBook("prompts");
const valuesFor = (prompt: Prompt): Record<string, string> =>
  Object.fromEntries(prompt.variables.map((name) => [name, `<${name} {problem_statement} {{x}}>`]));

test("every stage has a prompt and every prompt a stage", async () => {
  const files = (await readdir("prompts")).filter((name) => name !== "README.md");

  expect(files.sort()).toEqual(recordedStages.map((stage) => `${stage}.md`).sort());
});

test.each(recordedStages)("%s renders each of its variables once and leaves the values alone", (stage) => {
  const prompt = book.prompt(stage);

  const text = render(prompt, valuesFor(prompt));

  for (const value of Object.values(valuesFor(prompt))) expect(text.split(value)).toHaveLength(2);
});

test.each(recordedStages.filter((stage) => stage !== "critique"))("%s refuses missing variables", (stage) => {
  expect(() => render(book.prompt(stage), {})).toThrow(/missing/);
});

test.each(recordedStages)("%s refuses unknown variables", (stage) => {
  const prompt = book.prompt(stage);

  expect(() => render(prompt, { ...valuesFor(prompt), surprise: "" })).toThrow(/unknown surprise/);
});

test.each([
  ["localize-files", "return at most 5 files. \n", "loc-gen"],
  ["localize-lines", "The locations should exact line numbers that require modification.\n", "loc-gen"],
  ["generate", "<<< MODIFIED FILE: path/to/filename >>>\n```python\n<<<<<<< SEARCH\n", "loc-gen"],
  ["critique", "\nConclusion: Wrong", "loc-gen"],
  ["poc-asserting", "```python\n{poc_code here}\n```", "val-assert"],
  ["poc-printing", "```python\n{poc_code here}\n```", "val-no-assert"],
  [
    "judge-poc",
    "<reasoning>Some reasoning process..</reasoning>\n<judgement>Yes</judgement>",
    "val-no-assert",
  ],
  ["judge-fix", "\nYou should not assume that there is other output that is not shown", "val-no-assert"],
] as const)("%s keeps the wording it was trained on", (stage, words, role) => {
  const prompt = book.prompt(stage);

  expect(render(prompt, valuesFor(prompt))).toContain(words);
  expect(prompt.role).toBe(role);
});

test("the line prompt keeps the outer newlines that the reference sends", () => {
  expect(book.prompt("localize-lines").template).toMatch(/^\nPlease[\s\S]*```\n\n$/);
  expect(book.prompt("localize-files").template).toMatch(/^Please[\s\S]*```$/);
});
