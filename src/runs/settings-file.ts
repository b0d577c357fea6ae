import { LineCounter, parseDocument, visit, type Document, type YAMLError } from "yaml";
import type { z } from "zod";
import { RepoSettings, type SettingsValues } from "../domain/settings.ts";
import { keysAt } from "../domain/settings/json-schema.ts";
import { nearestKey } from "../domain/settings/nearest-key.ts";
import { placeOf, type Place } from "./settings-place.ts";

/** What is wrong with a settings file, and where; line and column count from 1. */
export type SettingsProblem = Place & {
  readonly severity: "error" | "warning";
  /** `section.key`; empty when it is about the whole file. May hold anything that somebody wrote. */
  readonly key: string;
  readonly message: string;
};

export type CheckedSettings = {
  /** Null when there is an error; what a warning is about is left out. */
  readonly values: SettingsValues | null;
  readonly problems: readonly SettingsProblem[];
};

/** Bytes; a settings file that says everything has a few thousand. */
export const largestSettings = 32_768;
const maxProblems = 20;
/** Other bots' key for a repository whose settings hold too; without it they would hold unseen. */
const foreign = "_extends";
const start: Place = { line: 1, column: 1 };

const fileError = (message: string, place: Place = start): SettingsProblem => ({
  severity: "error",
  key: "",
  message,
  ...place,
});
const refused = (problems: readonly SettingsProblem[]): CheckedSettings => ({
  values: null,
  problems: problems.slice(0, maxProblems),
});

/** Reads one settings file. Never throws: whatever is wrong is among the problems, at most 20 of them. */
export function checkSettings(bytes: Uint8Array): CheckedSettings {
  if (bytes.length > largestSettings) {
    return refused([fileError(`the file has more than ${largestSettings} bytes`)]);
  }
  try {
    return checkText(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof RangeError) return refused([fileError("the file is nested too deeply")]);
    if (error instanceof TypeError) return refused([fileError("the file is not UTF-8 text")]);
    throw error;
  }
}

function checkText(text: string): CheckedSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = [...yamlErrors(document.errors, text, at), ...firstAlias(document, at)];
  if (broken.length > 0) return refused(broken);
  const content: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  return checkContent(content, (path, what) => placeOf(document, path, what, at));
}

/** Of faults in the form only the first: the others follow from it. */
function yamlErrors(
  errors: readonly YAMLError[],
  text: string,
  at: (offset: number) => Place,
): readonly SettingsProblem[] {
  if (errors.some(({ message }) => message.startsWith("Maximum call stack"))) throw new RangeError();
  const malformed = errors.find(({ code }) => code !== "DUPLICATE_KEY");
  const told = malformed === undefined ? errors : [malformed];
  return told.map(({ code, message, pos: [offset] }) => {
    const [key = "a key"] = /^[^\s:]{1,60}/.exec(text.slice(offset, offset + 60)) ?? [];
    const words =
      code === "DUPLICATE_KEY"
        ? `${key} is given twice`
        : code === "MULTIPLE_DOCS"
          ? "the file holds several documents, and only one is read"
          : `is not YAML: ${message.split("\n")[0] ?? ""}`;
    return fileError(words, at(offset));
  });
}

/** Aliases make small files large, and nothing of this form needs them. */
function firstAlias(document: Document, at: (offset: number) => Place): readonly SettingsProblem[] {
  const found: SettingsProblem[] = [];
  visit(document, {
    Alias(_, node) {
      found.push(
        fileError(
          `*${node.source} is an alias, which is not read; write the value itself`,
          at(node.range?.[0] ?? 0),
        ),
      );
      return visit.BREAK;
    },
  });
  return found;
}

type Locate = (path: readonly PropertyKey[], what: "key" | "value") => Place;

function checkContent(content: unknown, locate: Locate): CheckedSettings {
  if (!isMapping(content)) {
    return refused([fileError("the file is no mapping of keys to values", locate([], "value"))]);
  }
  const unknown: (readonly string[])[] = [];
  const kept = knownPart(content, [], unknown);
  const first = unknown.toSorted(([one], [other]) => Number(other === foreign) - Number(one === foreign));
  const told = first.slice(0, maxProblems).map((path): SettingsProblem => {
    return { key: path.join("."), ...locate(path, "key"), ...unknownWords(path) };
  });
  const result = RepoSettings.safeParse(kept);
  const errors = (result.error?.issues ?? []).map((issue): SettingsProblem => {
    const message = zodWords(issue);
    return {
      severity: "error",
      key: issue.path.map(String).join("."),
      message,
      ...locate(issue.path, "value"),
    };
  });
  const problems = [...errors, ...told]
    .slice(0, maxProblems)
    .toSorted((one, other) => one.line - other.line || one.column - other.column);
  const wrong = problems.some(({ severity }) => severity === "error");
  return wrong ? refused(problems) : { values: kept, problems };
}

type Mapping = Readonly<Record<string, unknown>>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** What the validator has keys for; the paths of the rest are added to `unknown`. */
function knownPart(content: Mapping, path: readonly string[], unknown: (readonly string[])[]): Mapping {
  const known = new Set(keysAt(path));
  const entries = Object.entries(content).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    const below = [...path, key];
    if (!known.has(key)) {
      unknown.push(below);
      return [];
    }
    if (Array.isArray(value)) return [[key, knownItems(value, below, unknown)]];
    if (keysAt(below).length === 0) return [[key, value]];
    // a section whose keys are all commented out is there without a value
    if (value === null) return [[key, {}]];
    return [[key, isMapping(value) ? knownPart(value, below, unknown) : value]];
  });
  return Object.fromEntries(entries);
}

const knownItems = (
  items: readonly unknown[],
  path: readonly string[],
  unknown: (readonly string[])[],
): readonly unknown[] =>
  items.map((item, at) => {
    const place = [...path, String(at)];
    return isMapping(item) && keysAt(place).length > 0 ? knownPart(item, place, unknown) : item;
  });

function unknownWords(path: readonly string[]): Pick<SettingsProblem, "severity" | "message"> {
  const key = path.at(-1) ?? "";
  if (path.length === 1 && key === foreign) {
    const message =
      "settings are never taken from a repository that is named here; those of the owner's .github repository hold for all of its repositories";
    return { severity: "error", message };
  }
  const nearest = nearestKey(path.slice(0, -1), key);
  const advice = nearest === null ? "" : `; did you mean ${nearest}?`;
  return { severity: "warning", message: `is no setting and is left out${advice}` };
}

function zodWords(issue: z.core.$ZodIssue): string {
  const inner = issue.code === "invalid_key" ? issue.issues[0]?.message : null;
  return (inner ?? issue.message).replace(/^Invalid (input|option): /, "");
}
