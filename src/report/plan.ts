import type { Evidence } from "../domain/evidence.ts";
import type { RepairRun } from "../domain/run.ts";
import { inlineCode, inlineText, joinSections, list, section } from "./markdown.ts";
import { count, runFooter } from "./phrases.ts";

const shownPlaces = 12;
const shownLines = 30;

type Plan = {
  readonly localization: Pick<Evidence, "files" | "locations">;
  /** What a model says that it would change. */
  readonly intent: string | null;
};

/** The answer to `/copatcher plan`. */
export function planText(run: Pick<RepairRun, "id">, { localization, intent }: Plan): string {
  const { locations, files } = localization;
  const places = locations
    .toSorted((a, b) => b.votes - a.votes)
    .slice(0, shownPlaces)
    .map(({ path, range, votes }) => `${inlineCode(`${path}:${range.first}-${range.last}`)}${voted(votes)}`);
  const head =
    files.length === 0
      ? "**Copatcher found no place for this fault.** No sample named a source file that a patch may change."
      : "**Copatcher would look here.** Nothing was changed and nothing was executed.";
  return joinSections([
    section("head", head),
    section("places", list(places)),
    section(
      "intent",
      intent === null ? "" : `In the model's own words, unchecked:\n\n${quoted(intent)}`,
      false,
    ),
    section(
      "next",
      files.length === 0
        ? "**Next step:** name the function, the file or the error message in the issue, then ask again."
        : "**Next step:** `/copatcher fix` writes and checks patches; text below the command is a hint.",
    ),
    runFooter(run),
  ]);
}

const voted = (votes: number): string => (votes === 0 ? "" : `, ${count(votes, "vote")}`);

/** What a model wrote as a quote in which nothing is markup, link or mention. */
function quoted(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .slice(0, shownLines)
    .map((line) => `> ${inlineText(line, 1_000)}`)
    .join("\n");
}
