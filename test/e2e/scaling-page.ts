import { readFile } from "node:fs/promises";

const page = new URL("../../docs/scaling.md", import.meta.url);

/** The commands of docs/scaling.md, by the name behind `sh` at the head of their block. */
export async function readScalingPage(): Promise<ReadonlyMap<string, string>> {
  const blocks = [...(await readFile(page, "utf8")).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  return new Map(
    blocks.map(([, info = "", text = ""]) => {
      const [, name] = /^sh ([\w-]+)$/.exec(info) ?? [];
      if (name === undefined) throw new Error(`a block of docs/scaling.md has no name:\n${text}`);
      return [name, text.trimEnd()];
    }),
  );
}

/** Puts the test's own in the place of what the page names; what is not there any more is an error. */
export function replaced(text: string, own: Readonly<Record<string, string>>): string {
  return Object.entries(own).reduce((adapted, [named, ours]) => {
    if (!adapted.includes(named)) throw new Error(`docs/scaling.md does not say ${named} any more:\n${text}`);
    return adapted.replaceAll(named, ours);
  }, text);
}
