/** What a comment asks the bot to do. */
export type Command =
  | { readonly verb: "fix" }
  | { readonly verb: "env-check" }
  /** End the run, or let it finish with the best it has. */
  | { readonly verb: "cancel" | "stop" }
  | { readonly verb: "help" }
  | { readonly verb: "unknown"; readonly word: string };

/**
 * The first line of a comment that starts with `/copatcher`. Quotes, fenced and indented code and HTML comments never
 * count, so that quoting or documenting a command does not run it (peers.md, complaint 18).
 */
export function parseCommand(comment: string): Command | null {
  const visible = comment.replace(/\r\n?/g, "\n").replace(/<!--[\s\S]*?(?:-->|$)/g, "");
  let fence: string | null = null;
  for (const line of visible.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
    } else if (mark !== undefined) {
      fence = mark;
    } else {
      const words = /^\/copatcher(?:[ \t]+(\S+))?(?:[ \t]+(\S+))?(?:[ \t].*)?$/.exec(line);
      if (words !== null) return toCommand(words[1], words[2]);
    }
  }
  return null;
}

function toCommand(word: string | undefined, second: string | undefined): Command {
  if (word === undefined || word === "help") return { verb: "help" };
  if (word === "env" && second === "check") return { verb: "env-check" };
  if (word === "cancel" || word === "stop") return { verb: word };
  return word === "fix" ? { verb: "fix" } : { verb: "unknown", word: word.slice(0, 40) };
}
