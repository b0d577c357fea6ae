import { errorCatalogue } from "../domain/error-catalogue.ts";
import type { Postponement, RepairRun } from "../domain/run.ts";
import { inlineCode, joinSections } from "./markdown.ts";

const atMinute = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const required = (name: string, text: string) => ({ name, text, required: true });

/** The comment of a run that waits for something to come back; what it has done is kept. */
export function postponedText(run: Pick<RepairRun, "id">, { code, until }: Postponement): string {
  const { title } = errorCatalogue[code];
  const what = `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  return joinSections([
    required("head", `**Copatcher is waiting: ${what}.** Nothing that is done is lost.`),
    required(
      "next step",
      `**Next step:** none; it goes on by itself, at the latest at ${atMinute(until)}. \`/copatcher cancel\` ends it.`,
    ),
    required("run", `<sub>Copatcher, run ${inlineCode(run.id)}</sub>`),
  ]);
}
