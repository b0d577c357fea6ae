import { expect, test } from "vitest";
import { errorCatalogue } from "../../src/domain/error-catalogue.ts";
import { detectLanguage, loadLanguages } from "../../src/languages/detect.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

test("detects Python by its sources", async () => {
  const entries = await memoryCheckout({ "a.py": "", "b.js": "" }).entries();

  expect(detectLanguage(entries, await loadLanguages())?.id).toBe("python");
});

test("detects nothing where Python is only in tests or in links", async () => {
  const entries = await memoryCheckout({ "a.rs": "", "tests/x.py": "", "l.py": { link: "a.rs" } }).entries();

  expect(detectLanguage(entries, await loadLanguages())).toBeNull();
});

test("the help for a repository in another language names every language there is", async () => {
  const { help } = errorCatalogue["language-unsupported"];

  const names = (await loadLanguages()).map(({ name }) => name);

  expect(names.filter((name) => !help.includes(name))).toEqual([]);
});
