/** Where javac found the code wrong; the message is one line and untrusted. */
export type CompileError = { readonly file: string; readonly line: number; readonly message: string };

const longestMessage = 200;

/** How a line with an error begins, what ends the name of its file, and what comes after that. */
const forms = [
  { begin: "[ERROR] ", mark: ".java:[", rest: /^(\d{1,9}),\d{1,9}\] (.+)/ },
  { begin: "", mark: ".java:", rest: /^(\d{1,9}): error: (.+)/ },
] as const;

/**
 * The first error of javac, as Maven or else as Gradle and javac itself print it. What a build prints is hostile: no pattern
 * may look for a name in it, since that takes quadratic time on a long line without one.
 */
export function firstCompileError(printed: string): CompileError | null {
  const lines = printed.split(/\r\n|[\n\r\u2028\u2029]/);
  for (const form of forms) {
    for (const line of lines) {
      const error = errorIn(line, form);
      if (error !== null) return error;
    }
  }
  return null;
}

function errorIn(line: string, { begin, mark, rest }: (typeof forms)[number]): CompileError | null {
  if (!line.startsWith(begin)) return null;
  const said = line.slice(begin.length);
  const gap = said.search(/\s/);
  const word = gap === -1 ? said : said.slice(0, gap);
  // a blank follows the place, so that it is the word's last one
  const at = word.lastIndexOf(mark);
  if (at === -1) return null;
  const after = said.slice(at + mark.length, at + mark.length + 2 * longestMessage);
  const [, number, message = ""] = rest.exec(after) ?? [];
  const name = word.slice(word.lastIndexOf("/", at) + 1, at);
  if (number === undefined || name === "") return null;
  return { file: `${name}.java`, line: Number(number), message: message.slice(0, longestMessage) };
}
