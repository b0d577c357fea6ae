import { describe, expect, test } from "vitest";
import { checkSettings, type SettingsProblem } from "../../src/runs/settings-file.ts";

const check = (text: string) => checkSettings(new TextEncoder().encode(text));
const told = (problems: readonly SettingsProblem[]) =>
  problems.map(({ line, column, key, message }) => `${line}:${column} ${key} ${message}`);

test.each(["", "# only a comment\n", "---\n", "{}", "\ufeff{}\n"])("%j says nothing", (text) => {
  expect(check(text)).toEqual({ values: {}, problems: [] });
});

test("a section whose keys are all commented out says nothing", () => {
  expect(check("tests:\n  # command: make\nvalidation:\n  poc:\n")).toEqual({
    values: { tests: {}, validation: { poc: {} } },
    problems: [],
  });
});

test.each([
  ["profil: quick", "1:1 profil is no setting and is left out; did you mean profile?"],
  ["tests:\n  cmomand: x", "2:3 tests.cmomand is no setting and is left out; did you mean tests.command?"],
  ["max-lines: 3", "1:1 max-lines is no setting and is left out; did you mean paths.max_lines?"],
  ["telemetry: on", "1:1 telemetry is no setting and is left out"],
  ["1: x", "1:1 1 is no setting and is left out"],
  ["__proto__: {enabled: false}", "1:1 __proto__ is no setting and is left out"],
  ["constructor: {}", "1:1 constructor is no setting and is left out"],
])("the unknown key of %j is left out with a warning", (text, warning) => {
  const { values, problems } = check(`${text}\n`);

  expect(problems.map(({ severity }) => severity)).toEqual(["warning"]);
  expect(told(problems)).toEqual([warning]);
  expect(values).toEqual(text.startsWith("tests") ? { tests: {} } : {});
});

test("known keys beside unknown ones hold", () => {
  expect(check("pr: {mode: draft, heading: x}\nother: 1\n").values).toEqual({ pr: { mode: "draft" } });
});

test("keys of a project that nobody knows are left out, too", () => {
  const { values, problems } = check("projects:\n  - path: api/**\n    tests: {comand: make}\n    pr: {}\n");

  expect(values).toEqual({ projects: [{ path: "api/**", tests: {} }] });
  expect(told(problems)).toEqual([
    "3:13 projects.0.tests.comand is no setting and is left out; did you mean projects.0.tests.command?",
    "4:5 projects.0.pr is no setting and is left out",
  ]);
});

test.each([
  [
    "a text for a number",
    "tests:\n  max_files: many",
    "2:14 tests.max_files expected number, received string",
  ],
  ["a fraction for a count", "tests: {max_files: 1.5}", "1:20 tests.max_files expected int, received number"],
  ["a scalar for a section", "tests: 5", "1:8 tests expected object, received number"],
  ["a text for a list", "paths: {protect: vendor}", "1:18 paths.protect expected array, received string"],
  ["yes, which YAML 1.2 takes for a text", "enabled: yes", "1:10 enabled expected boolean, received string"],
  ["an unknown word", "profile: fast", '1:10 profile expected one of "paper"|"quick"'],
  ["another version", "version: 2", "1:10 version expected 1"],
  [
    "a number in a list",
    "environment:\n  setup:\n    - a\n    - 3",
    "4:7 environment.setup.1 expected string",
  ],
  [
    "a variable's name with a space",
    "environment: {env: {'A B': x}}",
    "1:28 environment.env.A B is no name that",
  ],
  ["a path out of the repository", "environment: {devcontainer: ../x}", "1:29 environment.devcontainer"],
  [
    "two bases",
    "environment: {image: 'a:1', dockerfile: b}",
    "1:14 environment image and dockerfile exclude",
  ],
  ["settings of another owner", "_extends: evil/.github", "1:1 _extends settings are never taken from"],
])("%s is an error with its place", (_, text, problem) => {
  const { values, problems } = check(`${text}\n`);

  expect(values).toBeNull();
  expect(told(problems)).toEqual([expect.stringContaining(problem)]);
});

test("every problem is told, in the order of the file", () => {
  const { problems } = check("version: 2\nfoo: 1\npr:\n  mode: merge\n");

  expect(problems.map(({ line, severity }) => [line, severity])).toEqual([
    [1, "error"],
    [2, "warning"],
    [4, "error"],
  ]);
});

describe("what is no settings file gets one answer", () => {
  test.each([
    ["an open list", "tests: [", "1:9  is not YAML: Flow sequence"],
    ["tabs", "tests:\n\tcommand: x", "is not YAML: Tabs are not allowed"],
    ["a list", "- a\n- b", "1:1  the file is no mapping"],
    ["a text", "hello", "1:1  the file is no mapping"],
    ["bytes in YAML", "!!binary aGk=", "the file is no mapping"],
    ["a list as a key", "? [a]\n: b", "is not YAML: With stringKeys"],
    ["two documents", "a: 1\n---\nb: 2", "2:1  the file holds several documents"],
    ["a key twice", "pr: {}\ntests: {}\npr: {}", "3:1  pr is given twice"],
    ["an anchor that is used", "pr: &a {}\ntests: *a", "2:8  *a is an alias"],
    [
      "an alias bomb",
      `a: &a [x]\n${Array.from("bcdefgh", (key, i) => `${key}: &${key} [${`*${"abcdefg"[i]},`.repeat(9)}]`).join("\n")}`,
      "2:8  *a is an alias",
    ],
    ["a deep nest of lists", "[".repeat(30_000), "the file is nested too deeply"],
    ["a deep nest of mappings", "{a: ".repeat(8_000), "the file is nested too deeply"],
    ["1 MB", "# x\n".repeat(262_144), "the file has more than 32768 bytes"],
  ])("%s", (_, text, problem) => {
    const { values, problems } = check(text);

    expect(values).toBeNull();
    expect(told(problems)).toEqual([expect.stringContaining(problem)]);
  });

  test("bytes that are no text", () => {
    const { problems } = checkSettings(new Uint8Array([0xff, 0xfe, 0x61, 0x00]));

    expect(told(problems)).toEqual(["1:1  the file is not UTF-8 text"]);
  });
});

test("an anchor that nothing uses is harmless", () => {
  expect(check("pr: &a {mode: draft}")).toEqual({ values: { pr: { mode: "draft" } }, problems: [] });
});

test("of thousands of unknown keys twenty are told, and the error among them", () => {
  const unknown = Array.from({ length: 2_000 }, (_, i) => `key${i}: 1`).join("\n");

  const { values, problems } = check(`${unknown}\nenabled: 3\n`);

  expect(values).toBeNull();
  expect(problems).toHaveLength(20);
  expect(problems.at(-1)).toMatchObject({ key: "enabled", line: 2_001 });
});
