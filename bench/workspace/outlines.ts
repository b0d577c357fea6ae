import type { Language, Structure } from "../../src/languages/language.ts";
import type { Checkout } from "../../src/ports/workspace.ts";

/** What prompts need to know of a file when its text is too long for them. */
export type Outline = { readonly structure: Structure; readonly skeleton: string };

/** Files read at once, so that not all texts are in memory together. */
const together = 1000;

const decoder = new TextDecoder();

/** The outline of every source file of the commit, by path; `known` keeps them by blob, for other commits too. */
export async function readOutlines(
  checkout: Checkout,
  language: Language,
  known: Map<string, Outline>,
): Promise<ReadonlyMap<string, Outline>> {
  const sources = (await checkout.entries()).filter(({ path }) => language.isSource(path));
  const unread = sources.filter(({ blob }) => !known.has(blob));
  for (let start = 0; start < unread.length; start += together) {
    await Promise.all(
      unread.slice(start, start + together).map(async ({ path, blob }) => {
        const text = decoder.decode((await checkout.read(path)) ?? new Uint8Array());
        known.set(blob, { structure: language.structure(text), skeleton: language.skeleton(text) });
      }),
    );
  }
  return new Map(
    sources.flatMap(({ path, blob }) => {
      const outline = known.get(blob);
      return outline === undefined ? [] : [[path, outline] as const];
    }),
  );
}
