import { childOfType, type ParseText } from "../../languages/syntax-tree.ts";

export type ExactMatch = {
  readonly raw: boolean;
  /** Line ends, blanks at line ends and empty lines around the text do not count. */
  readonly normalised: boolean;
};

export const exactMatch = (candidate: string, reference: string): ExactMatch => ({
  raw: candidate === reference,
  normalised: normalised(candidate) === normalised(reference),
});

const normalised = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+$/gm, "")
    .replace(/^\n+|\n+$/g, "");

/**
 * The text of one Python method without its decorators, which the prompt of `Fixing on the Fly` leaves out of what is to
 * be written; a text without decorators comes back as it is.
 */
export function withoutDecorators(method: string, parsePython: ParseText): string {
  const decorated = childOfType(parsePython(method), "decorated_definition");
  const definition = decorated && childOfType(decorated, "function_definition");
  return decorated === null || definition === null
    ? method
    : method.slice(0, decorated.start) + method.slice(definition.start);
}
