import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { lastLine, runSource } from "../fixtures/run-source.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-config-"));
  await mkdir(join(folder, "good", ".github"), { recursive: true });
  await writeFile(
    join(folder, "good", ".github", "copatcher.yml"),
    "limits: {tokens: 9000000}\npr: {mod: x}\n",
  );
  await writeFile(join(folder, "bad.yml"), 'tests:\n  max_files: "\u001b[31m"\n');
  await mkdir(join(folder, "empty"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = (...args: readonly string[]) => runSource("src/cli.ts", ["config", ...args], { cwd: folder });

test("a folder's valid file is told with its warnings, and what holds of it with who said so", async () => {
  const [plain, json] = await Promise.all([config("validate", "good"), config("validate", "good", "--json")]);

  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout.split("\n")).toEqual([
    "warning: good/.github/copatcher.yml:2:6: pr.mod: is no setting and is left out; did you mean pr.mode?",
    "warning: limits.tokens: 9000000 (repository) is more than the operator allows, so it is 400000 (built in)",
    "good/.github/copatcher.yml is valid.",
    "",
  ]);
  expect(lastLine(json)).toMatchObject({
    ok: true,
    file: "good/.github/copatcher.yml",
    problems: [{ severity: "warning", key: "pr.mod", line: 2, column: 6 }],
    settings: { limits: { tokens: 400_000 }, pr: { mode: "auto" } },
    origins: { "limits.tokens": ["operator"], "pr.mode": ["built-in"] },
  });
});

test("a file that the bot would refuse ends with 1, and a folder without one is fine", async () => {
  const [bad, json, empty] = await Promise.all([
    config("validate", "bad.yml"),
    config("validate", "bad.yml", "--json"),
    config("validate", "empty"),
  ]);

  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain("error: bad.yml:2:14: tests.max_files: expected number, received string\n");
  expect(json.code).toBe(1);
  expect(lastLine(json)).toMatchObject({ ok: false, problems: [{ severity: "error", line: 2 }] });
  expect([empty.code, empty.stdout]).toEqual([0, "empty has no settings file, so the defaults hold.\n"]);
});

test("a path that does not exist is a wrong call, and the schema is JSON", async () => {
  const [missing, schema] = await Promise.all([config("validate", "none", "--json"), config("schema")]);

  expect(missing.code).toBe(2);
  expect(lastLine(missing)).toMatchObject({ error: { code: "usage" } });
  const Schema = z.object({ properties: z.looseObject({ pr: z.looseObject({}) }) });
  expect(Schema.safeParse(JSON.parse(schema.stdout)).success).toBe(true);
});
