import { headOf } from "../visible-text.ts";
import { commandLine } from "./command-line.ts";
import { verbs, type OptionsOf, type Verb } from "./verbs.ts";

/** What a comment asks the bot to do; `text` are the lines below it, as they were written. */
export type Command = {
  [V in Verb]: { readonly verb: V; readonly options: OptionsOf<V>; readonly text: string };
}[Verb];

/** A line that speaks to the bot but is no command. Everything in it is what a stranger wrote. */
export type WrongCommand =
  | { readonly verb: null; readonly wrong: "unknown"; readonly word: string }
  | { readonly verb: Verb; readonly wrong: "option"; readonly option: string; readonly why: string };

const names = Object.keys(verbs) as Verb[];

/** The first command of a comment, null when it has none; `slug` is the App's name for mentions. */
export function parseCommand(comment: string, slug: string | null): Command | WrongCommand | null {
  const line = commandLine(comment, slug);
  if (line === null) return null;
  const words = line.words.split(/[ \t]+/).filter((word) => word !== "");
  const [first = "help", second = ""] = words.map((word) => word.toLowerCase());
  const verb = names.find((name) => name === first || name === `${first} ${second}`);
  if (verb === undefined) return { verb: null, wrong: "unknown", word: headOf(words[0] ?? "", 40) };
  return readOptions(verb, words.slice(verb.split(" ").length), line.below);
}

function readOptions(verb: Verb, words: readonly string[], text: string): Command | WrongCommand {
  const said: Record<string, string> = {};
  for (const word of words) {
    const wrong = (why: string): WrongCommand => ({ verb, wrong: "option", option: headOf(word, 80), why });
    const [, key, value] = /^([a-z_]{1,40})=(.*)$/i.exec(word) ?? [];
    if (key === undefined || value === undefined) return wrong(`options look like key=value; ${known(verb)}`);
    if (!Object.hasOwn(verbs[verb].options.shape, key)) return wrong(`it is not known here: ${known(verb)}`);
    if (Object.hasOwn(said, key)) return wrong("it is said twice");
    said[key] = value;
  }
  const read = verbs[verb].options.safeParse(said);
  if (!read.success) {
    const [issue] = read.error.issues;
    const key = String(issue?.path[0] ?? "");
    return {
      verb,
      wrong: "option",
      option: headOf(`${key}=${said[key] ?? ""}`, 80),
      why: issue?.message ?? "",
    };
  }
  return { verb, options: read.data, text } as Command;
}

function known(verb: Verb): string {
  const keys = Object.keys(verbs[verb].options.shape);
  return keys.length === 0
    ? `\`${verb}\` takes none`
    : `\`${verb}\` takes ${keys.map((key) => `\`${key}=\``).join(", ")}`;
}
