import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadPromptBook } from "../src/adapters/files/prompt-book.ts";
import { render } from "../src/pipeline/prompt.ts";
import { recordedStages } from "../src/simulator/replies.ts";
import type { Prompt } from "../src/ports/prompt-book.ts";

const book = await loadPromptBook("prompts");
const valuesFor = (prompt: Prompt): Record<string, string> =>
  Object.fromEntries(prompt.variables.map((name) => [name, `<${name} {problem_statement} {{x}}>`]));

/** The steps whose prompts say Python have a second one for other languages. */
const general = ["critique-any", "generate-any", "poc-asserting-any", "poc-printing-any"] as const;

test("every stage has a prompt and every prompt a stage", async () => {
  const files = (await readdir("prompts")).filter((name) => name !== "README.md");

  expect(files.sort()).toEqual([...recordedStages, ...general].map((id) => `${id}.md`).sort());
});

test.each(general)("%s says everything that the trained one says, without naming Python", (id) => {
  const prompt = book.prompt(id);
  const values: Record<string, string> = { ...valuesFor(prompt), language: "Go", fence: "go" };

  const text = render(prompt, values);

  expect(prompt.role).toBe(book.prompt(id.replace(/-any$/, "")).role);
  expect(text).not.toMatch(/python/i);
  expect(text).toContain("```go\n");
  for (const name of book.prompt(id.replace(/-any$/, "")).variables) {
    expect(text.split(values[name] ?? "")).toHaveLength(2);
  }
});

test.each([
  ["critique", "4a034e42b261f864"],
  ["generate", "3bbdb64261549380"],
  ["judge-fix", "68be8ab53a05d02f"],
  ["judge-poc", "3bb39f19863a8765"],
  ["localize-files", "18fbe661abce8b99"],
  ["localize-lines", "0ed7afd828b81837"],
  ["poc-asserting", "c17c5326d4c288cd"],
  ["poc-printing", "05530ae88b3418f0"],
])("%s is the text of version 1, to the byte", (id, digest) => {
  const { template, version } = book.prompt(id);

  expect([version, createHash("sha256").update(template).digest("hex").slice(0, 16)]).toEqual([1, digest]);
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
