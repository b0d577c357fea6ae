import { expect, test } from "vitest";
import { TargetedTests, targetedAt } from "../../../src/domain/settings/targeted.ts";

test.each([
  "pytest {files}",
  "{files}",
  "cd api && pytest -x {files}; code=$?",
  "(pytest {files}) | tee 'the log'",
  "pytest {files} || unittest {files}",
  'pytest -m "not slow" {files}',
])("%j takes files", (command) => {
  expect(TargetedTests.parse(command)).toBe(command);
});

test.each([
  ["pytest", "needs {files} where"],
  ["pytest {file}", "needs {files} where"],
  ["", "needs {files} where"],
  ["pytest '{files}'", "as a word of its own"],
  ['sh -c "pytest {files}"', "as a word of its own"],
  ["pytest --only={files}", "as a word of its own"],
  ["pytest {files}.bak", "as a word of its own"],
  ["pytest {files} '{files}'", "as a word of its own"],
  ["pytest \\{files}", "as a word of its own"],
])("%j is refused: %s", (command, why) => {
  const checked = TargetedTests.safeParse(command);

  expect(checked.success ? "" : checked.error.issues[0]?.message).toContain(why);
});

test("a command of nothing but quotes is read in time", () => {
  expect(TargetedTests.safeParse(`${'"'.repeat(9_900)} {files}`).success).toBe(true);
});

test("every place gets the files as they are", () => {
  expect(targetedAt("a {files} b {files}", ["x", "'$& y'"])).toBe("a x '$& y' b x '$& y'");
});
