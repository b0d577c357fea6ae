import { describe, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { loadSettings, type SettingsFile } from "../../src/runs/load-settings.ts";
import { operatorCaps } from "../../src/runs/settings-caps.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

const caps = operatorCaps(unlimited, { run: 60, step: 20 });
const ownerFile = (text: string): SettingsFile => ({
  where: "octo/.github/.github/copatcher.yml",
  bytes: new TextEncoder().encode(text),
});
const load = (files: Readonly<Record<string, string>>, owner: SettingsFile | null = null) =>
  loadSettings(memoryCheckout(files), { owner, command: {}, caps });

test("without a file the defaults hold, within the operator's caps", async () => {
  const { settings, notes } = await load({});

  expect(settings).toEqual({
    ...defaultSettings,
    environment: { ...defaultSettings.environment, timeout_minutes: 20 },
    limits: { ...defaultSettings.limits, minutes: 60, tokens: 400_000 },
  });
  expect(notes).toEqual([]);
});

test("the file at the root is read where there is none below .github", async () => {
  const files = { ".copatcher.yml": "pr: {mode: draft}" };

  expect((await load(files)).settings.pr.mode).toBe("draft");
  expect((await load({ ...files, ".github/copatcher.yml": "" })).settings.pr.mode).toBe("auto");
});

test("the repository's file goes before the owner's", async () => {
  const owner = ownerFile("pr: {mode: draft}\ntests: {max_files: 3}\n");

  const { settings, origins } = await load({ ".github/copatcher.yml": "tests: {max_files: 4}" }, owner);

  expect(settings).toMatchObject({ pr: { mode: "draft" }, tests: { max_files: 4 } });
  expect(origins).toMatchObject({ "pr.mode": ["owner"], "tests.max_files": ["repository"] });
});

test("what was left out or lowered is told with its file and place", async () => {
  const { notes } = await load(
    { ".copatcher.yml": "limits:\n  minutes: 90\n  minute: 3\n" },
    ownerFile("x: 1"),
  );

  expect(notes).toEqual([
    "octo/.github/.github/copatcher.yml:1:1: x: is no setting and is left out",
    ".copatcher.yml:3:3: limits.minute: is no setting and is left out; did you mean limits.minutes?",
    "limits.minutes: 90 (repository) is more than the operator allows, so it is 60 (COPATCHER_RUN_MINUTES)",
  ]);
});

test("a file that is not valid is refused with every problem and its place", async () => {
  await expect(
    load({ ".github/copatcher.yml": "version: 2\nfoo: 1\npr: {mode: merge}" }),
  ).rejects.toMatchObject({
    code: "settings-invalid",
    message: [
      ".github/copatcher.yml:1:10: version: expected 1",
      ".github/copatcher.yml:2:1: foo: is no setting and is left out",
      '.github/copatcher.yml:3:12: pr.mode: expected one of "auto"|"draft"|"ready"|"never"',
    ].join("\n"),
  });
});

test("the owner's file that is not valid is refused under its own name", async () => {
  await expect(load({}, ownerFile("- a"))).rejects.toMatchObject({
    code: "settings-invalid",
    message: expect.stringContaining("octo/.github/.github/copatcher.yml:1:1: ") as string,
  });
});

describe("a project", () => {
  const files = {
    "services/api/a.py": "",
    "services/web/b.ts": "",
    ".github/copatcher.yml": `
environment: {image: "node:22", env: {A: "1"}, timeout_minutes: 5}
tests: {command: make test, max_files: 3}
projects:
  - path: services/api/**
    environment: {dockerfile: services/api/Dockerfile, env: {B: "2"}, timeout_minutes: 240}
    tests: {command: make api}
  - path: services/web/**
`,
  };
  const about = (subject: Parameters<typeof loadSettings>[2]) =>
    loadSettings(memoryCheckout(files), { owner: null, command: {}, caps }, subject);

  test("goes over the repository's environment and tests, key by key and within the caps", async () => {
    const { settings, project, notes, origins } = await about({ names: "It breaks in services/api/a.py" });

    expect(project).toBe("services/api/**");
    expect(settings.tests).toMatchObject({ command: "make api", max_files: 3 });
    expect(settings.environment).toMatchObject({
      image: null,
      dockerfile: "services/api/Dockerfile",
      env: { A: "1", B: "2" },
      timeout_minutes: 20,
    });
    expect(origins["tests.command"]).toEqual(["repository"]);
    expect(notes).toEqual([
      expect.stringContaining("environment.timeout_minutes: 240 (repository) is more than"),
      "projects: environment and tests are those of services/api/**, since only files of it are named",
    ]);
  });

  test("that the command names goes before what the issue names", async () => {
    const { settings, project } = await about({ path: "services/web", names: "services/api/a.py" });

    expect(project).toBe("services/web/**");
    expect(settings.tests.command).toBe("make test");
  });

  test("does not go over what the command says", async () => {
    const input = { owner: null, command: { tests: { command: "make mine" } }, caps };
    const { settings } = await loadSettings(memoryCheckout(files), input, { names: ["services/api/a.py"] });

    expect(settings.tests.command).toBe("make mine");
  });

  test("is none where several are named, and that is said", async () => {
    const { settings, project, notes } = await about({ names: ["services/api/a.py", "services/web/b.ts"] });

    expect([project, settings.tests.command]).toEqual([null, "make test"]);
    expect(notes).toEqual([expect.stringContaining("belong to several")]);
  });

  test("is none where nothing is named", async () => {
    const { project, notes } = await about({ names: "It breaks" });

    expect([project, notes]).toEqual([null, []]);
  });
});
