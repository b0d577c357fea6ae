import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPromptBook } from "../../../src/adapters/files/prompt-book.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "prompts-"));
});
afterEach(() => rm(folder, { recursive: true }));

const front = (fields: Record<string, string> = {}): string => {
  const all = {
    id: "ask",
    version: "2",
    role: "loc-gen",
    temperature: "0.7",
    max_tokens: "100",
    variables: "[issue]",
    reply: "a word",
    source: "ours",
    ...fields,
  };
  return `---\n${Object.entries(all)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("")}---\n`;
};

const load = async (content: string, name = "ask.md") => {
  await writeFile(join(folder, name), content);
  return loadPromptBook(folder);
};

test("reads a prompt with its template as written, without the last newline", async () => {
  const book = await load(`${front()}\nWhy {issue}? \n\n`);

  expect(book.prompt("ask")).toMatchObject({
    id: "ask",
    version: 2,
    role: "loc-gen",
    temperature: 0.7,
    maxTokens: 100,
    variables: ["issue"],
    template: "\nWhy {issue}? \n",
  });
});

test("gives a changed file another hash", async () => {
  const before = (await load(`${front()}{issue}`)).prompt("ask").hash;
  const after = (await load(`${front()}{issue}!`)).prompt("ask").hash;

  expect(after).not.toBe(before);
});

test("ignores the folder's README.md", async () => {
  await load(`${front()}{issue}`);

  await expect(load("# no prompt", "README.md")).resolves.toBeDefined();
});

test.each([
  ["a file without front-matter", "Why?", /ask\.md: no front-matter/],
  ["front-matter that is not YAML", "---\n{\n---\nWhy?", /ask\.md: its front-matter is not YAML/],
  ["an unknown role", `${front({ role: "boss" })}{issue}`, /ask\.md: [\s\S]*role/],
  ["an unknown field", `${front({ flavour: "x" })}{issue}`, /ask\.md: [\s\S]*flavour/],
  ["an id that is not the file's name", `${front({ id: "other" })}{issue}`, /ask\.md: its id is other/],
  ["a declared variable that is not used", `${front()}Why?`, /does not use: issue/],
  ["a used variable that is not declared", `${front()}{issue} {files}`, /undeclared variables .*: files/],
])("rejects %s", async (_what, content, message) => {
  await expect(load(content)).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringMatching(message),
  });
});

test("rejects a folder that is not there", async () => {
  await expect(loadPromptBook(join(folder, "none"))).rejects.toMatchObject({ code: "config-invalid" });
});

test("names the prompt it does not have", async () => {
  const book = await load(`${front()}{issue}`);

  expect(() => book.prompt("absent")).toThrow(/absent\.md/);
});
