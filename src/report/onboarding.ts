import { settingsPath } from "../domain/settings.ts";
import { schemaPath, settingsKeys } from "../domain/settings/json-schema.ts";
import { helpText } from "./help.ts";
import { fold, list } from "./markdown.ts";

/** What a repository changes first; docs/settings.md has the rest. */
const mainKeys: ReadonlySet<string> = new Set([
  "enabled",
  "dry_run",
  "trigger.label",
  "trigger.commands",
  "permissions.fix",
  "context.min_role",
  "environment.image",
  "environment.setup",
  "tests.command",
  "paths.protect",
  "paths.max_files",
  "paths.max_lines",
  "validation.require_repro",
  "limits.runs_per_day",
  "limits.open_prs",
  "pr.mode",
  "pr.if_other_pr",
  "pr.reviewers",
]);

/**
 * A settings file that changes nothing: the main keys with their defaults, commented out. Editors find the
 * schema at the bot's public address, where it has one.
 */
export function onboardingSettings(publicUrl: string | null): string {
  const lines: string[] = [];
  let open = "";
  for (const [key, { default: value, description }] of settingsKeys()) {
    if (!mainKeys.has(key)) continue;
    const [section, name] = key.includes(".") ? key.split(".", 2) : ["", key];
    if (section !== open && section !== "") lines.push("", `${section}:`);
    open = section ?? "";
    const indent = section === "" ? "" : "  ";
    if (section === "") lines.push("");
    lines.push(`${indent}# ${description ?? ""}`, `${indent}#${name}: ${JSON.stringify(value)}`);
  }
  const schema = publicUrl === null ? [] : [`# yaml-language-server: $schema=${publicUrl}${schemaPath}`];
  const head =
    "# Copatcher's settings for this repository. All are the defaults: take the # from a line to change it.";
  return [...schema, head, "version: 1", ...lines, ""].join("\n");
}

export const onboardingTitle = "Configure Copatcher";

/** Trusted text: nothing in it comes from the repository. */
export const onboardingText = (): string =>
  [
    "Copatcher was installed on this repository. It works without any settings; this pull request adds a file in which you can change them, and which changes nothing as it is.",
    "**What it does.** On an issue that somebody asks it to fix, it looks for the cause, samples patches, reproduces the bug with scripts of two other models, runs what they wrote in a sandbox without network, and opens a pull request that shows what was executed, and what was not verified.",
    "**How to start it.** Someone with write access adds the label `copatcher` to an issue, or comments `/copatcher fix` on it. Nothing starts unasked.",
    `**What it never does**\n\n${list([
      "merge, approve or close a pull request or an issue of yours;",
      "push to a branch that is not its own;",
      "touch CI, hooks, lock files or its own settings in a fix;",
      "work for people who lack the right to ask, or for other bots, unless the settings name them.",
    ])}`,
    `**This pull request.** Merge it, change it, or close it: closing it is fine, and it will not be opened again. \`${settingsPath}\` can be added by hand at any time.`,
    fold("All commands", helpText()),
  ].join("\n\n");
