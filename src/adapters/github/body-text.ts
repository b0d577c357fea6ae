import { headOf } from "../../domain/visible-text.ts";

/** GitHub takes 65,536 characters; the rest is room for what it counts differently. */
export const bodyLimit = 58_000;

const shortened = "\n\n(Shortened: the text was longer than GitHub takes.)\n";

/** The fence that is still open at the end of a Markdown text, "" when none is. */
function openFence(text: string): string {
  let open = "";
  for (const line of text.split("\n")) {
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) continue;
    if (open === "") open = fence;
    else if (fence.startsWith(open)) open = "";
  }
  return open;
}

/** Markdown within GitHub's limit. */
export function capped(text: string): string {
  if (text.length <= bodyLimit) return text;
  const head = headOf(text, bodyLimit - shortened.length - 100);
  const fence = openFence(head);
  return `${head}${fence === "" ? "" : `\n${fence}`}${shortened}`;
}

/** The body within GitHub's limit, its marker first: further down, untrusted output could have put it there. */
export function bodyWithMarker(marker: string, body: string): string {
  const text = capped(body);
  return text.startsWith(marker) ? text : capped(`${marker}\n${body}`);
}
