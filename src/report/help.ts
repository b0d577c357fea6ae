import { verbs, type VerbRule } from "../domain/command/verbs.ts";
import { list } from "./markdown.ts";

const rules = Object.entries(verbs) as readonly (readonly [string, VerbRule])[];

const on = (place: VerbRule["on"]): string =>
  list(
    rules
      .filter(([, rule]) => rule.on === place)
      .map(([verb, { summary }]) => `\`/copatcher ${verb}\` ${summary}`),
  );

/** The grammar, from the table that the parser uses. */
export const helpText = (): string =>
  [
    "To start a run, someone with write access adds the label `copatcher` to an issue or comments one of these. A command begins its line; options stand on the same line; quotes and code do not count, and editing a comment starts nothing.",
    `**On issues**\n\n${on("issues")}`,
    `**On pull requests**\n\n${on("pull requests")}`,
    `**On both**\n\n${on("both")}`,
  ].join("\n\n");
