import type { Postponement, RepairRun } from "../domain/run.ts";
import { joinSections, section } from "./markdown.ts";
import { atMinute, runFooter, titleInSentence } from "./phrases.ts";

/** The comment of a run that waits for something to come back; what it has done is kept. */
export function postponedText(run: Pick<RepairRun, "id">, { code, until }: Postponement): string {
  return joinSections([
    section("head", `**Copatcher is waiting: ${titleInSentence(code)}.** Nothing that is done is lost.`),
    section(
      "next step",
      `**Next step:** none; it goes on by itself, at the latest at ${atMinute(until)}. \`/copatcher cancel\` ends it.`,
    ),
    runFooter(run),
  ]);
}
