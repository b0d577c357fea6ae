import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { RecordedReplies } from "../../simulator/replies.ts";
import { readJson } from "../suite/read-json.ts";

const Chains = z.array(z.object({ attempts: z.array(z.string()).min(1) }));

/** Recorded PoC answers of one case as they are stored; `judges` may hold rules as replies files have them. */
const PocFile = z.object({
  origin: z.string().min(1),
  "val-assert": Chains,
  "val-no-assert": Chains,
  judges: z.unknown().optional(),
});

/** What the validation models answer for a case, and what of it is not used. */
export type CaseReplies = { readonly replies: RecordedReplies; readonly unused: string | null };

const none: RecordedReplies = { origin: "no PoC was recorded", replies: {} };

/**
 * The PoC replies of `<folder>/<instance>.json`, or none where there is no such file. What a printing PoC shows is said by
 * a judge; without recorded judges only the asserting ones are used. Throws `evaluation-invalid` for any other file.
 */
export async function readPocReplies(folder: string, instance: string): Promise<CaseReplies> {
  const file = join(folder, `${instance}.json`);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return { replies: none, unused: "no PoC was recorded" };
  const stored = readJson(PocFile, text, file);
  const replies = (chains: z.infer<typeof Chains>) =>
    chains.map(({ attempts }) => attempts.map((answer) => ({ text: answer })));
  const asserting = { "poc-asserting": replies(stored["val-assert"]) };
  if (stored.judges === undefined) {
    const count = stored["val-no-assert"].length;
    const unused = count === 0 ? null : `${count} printing PoCs are not used, since no judge was recorded`;
    return { replies: { origin: stored.origin, replies: asserting }, unused };
  }
  const printing = { "poc-printing": replies(stored["val-no-assert"]) };
  const whole = { origin: stored.origin, replies: { ...asserting, ...printing }, judges: stored.judges };
  return { replies: readJson(RecordedReplies, JSON.stringify(whole), file), unused: null };
}
