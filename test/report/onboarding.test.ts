import { expect, test } from "vitest";
import { parse } from "yaml";
import { defaultSettings, RepoSettings } from "../../src/domain/settings.ts";
import { settingsKeys } from "../../src/domain/settings/json-schema.ts";
import { onboardingSettings, onboardingText } from "../../src/report/onboarding.ts";
import { checkSettings } from "../../src/runs/settings-file.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The file as it is when somebody has made settings of all of its commented keys. */
const used = (text: string): string => text.replaceAll(/^( *)#(\S)/gm, "$1$2");

test("the file is valid and changes nothing", () => {
  const { values, problems } = checkSettings(bytes(onboardingSettings(null)));

  expect(problems).toEqual([]);
  expect(RepoSettings.parse(values)).toEqual(defaultSettings);
});

test("its commented keys are real ones with their defaults", () => {
  const text = used(onboardingSettings(null));
  const { values, problems } = checkSettings(bytes(text));

  expect(problems).toEqual([]);
  expect(RepoSettings.parse(values)).toEqual(defaultSettings);
  expect(parse(text)).toMatchObject({ enabled: true, paths: { max_files: 8 }, pr: { mode: "auto" } });
});

test("each commented key is told with the words of docs/settings.md", () => {
  const text = onboardingSettings(null);
  const meaning = new Map(settingsKeys()).get("paths.max_files")?.description;

  expect(text).toContain(`  # ${meaning}\n  #max_files: 8\n`);
});

test("editors are told of the schema where the bot has an address, and of nothing else", () => {
  const [first] = onboardingSettings("https://bot.example.com").split("\n");

  expect(first).toBe("# yaml-language-server: $schema=https://bot.example.com/schema/v1.json");
  expect(onboardingSettings(null)).not.toContain("$schema");
});

test("the text says how to start, what never happens, and that it may be closed", () => {
  const text = onboardingText();

  for (const said of [
    "`/copatcher fix`",
    "the label `copatcher`",
    "merge, approve or close",
    "closing it is fine",
  ])
    expect(text).toContain(said);
});
