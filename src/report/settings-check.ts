import type { CheckAnnotation, CheckConclusion } from "../domain/check-run.ts";
import { headOf, withVisibleHidden } from "../domain/visible-text.ts";
import { inlineCode, inlineText, joinSections, list, section, table } from "./markdown.ts";
import { count } from "./phrases.ts";

/** One thing about a settings file; line and column count from 1, and key and message hold what somebody wrote. */
export type SettingsRemark = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: "error" | "warning";
  readonly key: string;
  readonly message: string;
};

/** A setting that a change of the file changes, with the layer that says it then. */
export type SettingChange = {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly from: string;
};

export type SettingsFindings = {
  readonly remarks: readonly SettingsRemark[];
  /** Null where nothing holds that could be compared. */
  readonly changes: readonly SettingChange[] | null;
  /** Sentences about layers other than the file, untrusted: what was lowered, or is wrong with the owner's file. */
  readonly notes: readonly string[];
};

export type SettingsReport = {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
};

const shownChanges = 60;
const shownNotes = 20;
const shownValue = 160;

const placeOf = ({ file, line, column }: SettingsRemark): string => inlineCode(`${file}:${line}:${column}`);

/** One line of Markdown for each remark. */
export const remarkList = (remarks: readonly SettingsRemark[]): string =>
  list(
    remarks.map((remark) => {
      const key = remark.key === "" ? "" : `${inlineCode(remark.key, 80)}: `;
      return `${remark.severity}, ${placeOf(remark)}: ${key}${inlineText(remark.message, 400)}`;
    }),
  );

const valueText = (value: unknown): string => inlineCode(JSON.stringify(value ?? null), shownValue);

function changeTable(changes: readonly SettingChange[] | null): string {
  if (changes === null) return "";
  if (changes.length === 0) return "No setting changes.";
  const rows = changes
    .slice(0, shownChanges)
    .map(({ key, before, after, from }) => [inlineCode(key, 100), valueText(before), valueText(after), from]);
  const more = changes.length > shownChanges ? `\n\nand ${changes.length - shownChanges} more` : "";
  return `What changes when this is on the default branch:\n\n${table(["Setting", "Before", "After", "Said by"], rows)}${more}`;
}

function titleOf(errors: number, warnings: number): string {
  const told = warnings === 0 ? "" : `, ${count(warnings, "warning")}`;
  return errors > 0 ? `${count(errors, "error")}${told}` : `Valid${told}`;
}

/** What a pull request's change of the settings would do, for its check. */
export function settingsReport({ remarks, changes, notes }: SettingsFindings): SettingsReport {
  const errors = remarks.filter(({ severity }) => severity === "error").length;
  const head =
    errors > 0
      ? "**The settings file is not valid.** On the default branch, no run could begin with it."
      : "The settings are valid. Those of a pull request are only checked; runs use the default branch's.";
  return {
    conclusion: errors > 0 ? "failure" : "success",
    title: titleOf(errors, remarks.length - errors),
    summary: joinSections([
      section("head", head),
      section("remarks", remarkList(remarks)),
      { name: "changes", text: changeTable(changes), required: false },
      section("notes", list(notes.slice(0, shownNotes).map((note) => inlineText(note, 400)))),
      section(
        "help",
        "The same check before a push, in a checkout of Copatcher: `npm run copatcher -- config validate FILE`.",
      ),
    ]),
    annotations: remarks.map(({ file, line, column, severity, key, message }) => ({
      path: file,
      line,
      column,
      level: severity === "error" ? "failure" : "warning",
      message: withVisibleHidden(headOf(`${key === "" ? "" : `${headOf(key, 80)}: `}${message}`, 1_000)),
    })),
  };
}

/** Title of the issue about a default branch whose settings nobody can use. */
export const brokenSettingsTitle = "Copatcher: the settings file is not valid";

/** Text of that issue while there are errors. */
export const brokenSettingsText = (remarks: readonly SettingsRemark[]): string =>
  joinSections([
    section(
      "head",
      "**Copatcher cannot read its settings on the default branch.** Until they are valid, every run ends with an error.",
    ),
    section("remarks", remarkList(remarks)),
    section(
      "help",
      "**Next step:** correct the file; in a checkout of Copatcher `npm run copatcher -- config validate FILE` shows the same. This issue closes by itself.",
    ),
  ]);

/** Its text once the file is right, or gone. */
export const mendedSettingsText = "The settings on the default branch are valid again.";
