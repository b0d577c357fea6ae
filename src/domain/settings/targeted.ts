import { z } from "zod";

const files = "{files}";
const quoted = /\\.|'[^']*'|"(\\.|[^"\\])*"/gs;
const alone = /(^|\s)\{files\}(?=$|[\s;&|)])/g;

/** A shell command in which `{files}` stands for test files, as words of their own: we quote each as one. */
export const TargetedTests = z
  .string()
  .trim()
  .max(10_000)
  .superRefine((command, check) => {
    const places = command.split(files).length - 1;
    const standing = command.replaceAll(quoted, "''").match(alone)?.length ?? 0;
    if (places === 0) check.addIssue({ code: "custom", message: `needs ${files} where the files stand` });
    else if (standing < places)
      check.addIssue({ code: "custom", message: `needs ${files} as a word of its own, outside of quotes` });
  });

/** The command for these files, each of which is one word of a shell. */
export const targetedAt = (command: string, words: readonly string[]): string =>
  command.replaceAll(files, () => words.join(" "));
