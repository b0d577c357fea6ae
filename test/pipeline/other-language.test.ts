import { expect, test } from "vitest";
import type { Language } from "../../src/languages/language.ts";
import { packFiles } from "../../src/pipeline/numbered-files.ts";
import { pocCode, pocPrompt } from "../../src/pipeline/poc-prompt.ts";
import { reproduce } from "../../src/pipeline/reproduce.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { makeStage } from "../fixtures/stage-context.ts";

/** A language whose scripts lie in a folder beside a helper. */
async function goStage() {
  const stage = await makeStage();
  const language: Language = {
    ...stage.context.language,
    id: "go",
    name: "Go",
    fences: ["go", "golang"],
    pocName: () => "poc_code.go",
    poc: ({ name, source, nonce }) => ({
      files: [
        { place: "aside", path: "helper.sh", content: "true" },
        { place: "tree", path: `cmd/${name}/main.go`, content: source },
      ],
      script: "go run .",
      report: "end",
      input: nonce,
    }),
  };
  return { ...stage, context: { ...stage.context, language } };
}

test("a script prompt names the target language and its fence, and no other", async () => {
  const { context } = await goStage();

  const { prompt, content } = pocPrompt(context, "asserting", {
    source: "package main\n",
    outcome: exited(0),
    reason: "it passes",
  });

  expect(prompt.id).toBe("poc-asserting-any");
  expect(content).toContain("single, self-contained Go file");
  expect(content).toContain("```go\n");
  expect(content).toContain('"poc_code.go": "package main\\n"');
  expect(content).not.toMatch(/python/i);
});

test("the models see a Python script under the name that they were trained with", async () => {
  const { context } = await makeStage();

  expect(pocCode(context.language, "x = 1\n")).toEqual({ "poc_code.py": "x = 1\n" });
  expect(pocPrompt(context, "printing", null).prompt.id).toBe("poc-printing");
});

test("numbered files are fenced with the language's own tag", async () => {
  const { context } = await goStage();

  expect(packFiles([{ path: "a.go", text: "package a\n" }], 1_000, context.language)[0]).toBe(
    "### File: a.go ###\n```go\n1: package a\n```\n",
  );
});

test("the general prompt is asked as the same step of the method", async () => {
  const { context, asked } = await goStage();
  await reproduce(context);

  expect(new Set(asked.map(({ stage }) => stage))).toEqual(new Set(["poc-asserting"]));
});
