import { expect, test } from "vitest";
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
