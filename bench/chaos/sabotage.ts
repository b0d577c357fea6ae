import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Change = { readonly file: string; readonly from: string; readonly to: string };

/** Defences of the built bot that can be taken out, to see that the command notices. */
const defences = {
  /** A worker that lost its run goes on writing it. */
  fence: [
    { file: "adapters/postgres/run-rows.js", from: '.where("owner", "=", claim.owner)', to: "" },
    { file: "adapters/postgres/run-rows.js", from: '.where("fence", "=", claim.fence)', to: "" },
  ],
  /** Nobody looks for what the bot has written before. */
  markers: [
    {
      file: "adapters/github/issue-comment.js",
      from: ".filter(({ body }) => body.startsWith(marker))",
      to: ".filter(() => false)",
    },
  ],
  /** Nothing is remembered of an earlier process. */
  journal: [
    {
      file: "adapters/postgres/journal.js",
      from: "return row?.value ?? row?.content ?? null;",
      to: 'return key.name.startsWith("sample/") ? null : (row?.value ?? row?.content ?? null);',
    },
  ],
} satisfies Readonly<Record<string, readonly Change[]>>;

export type Defence = keyof typeof defences;
export const defenceNames = Object.keys(defences) as readonly Defence[];

/** Takes a defence out of the compiled program in `directory`. Throws when the program has changed its shape. */
export function takeOut(defence: Defence, directory: string): void {
  for (const { file, from, to } of defences[defence]) {
    const path = join(directory, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" to take out: correct sabotage.ts`);
    writeFileSync(path, text.replace(from, to));
  }
}
