export type ExactMatch = {
  readonly raw: boolean;
  /** Line ends, blanks at line ends and empty lines around the text do not count. */
  readonly normalised: boolean;
};

export const exactMatch = (candidate: string, reference: string): ExactMatch => ({
  raw: candidate === reference,
  normalised: normalised(candidate) === normalised(reference),
});

function normalised(text: string): string {
  const lines = text.split(/\r\n?|\n/).map((line) => line.trimEnd());
  const isFull = (line: string): boolean => line !== "";
  return lines.slice(lines.findIndex(isFull), lines.findLastIndex(isFull) + 1).join("\n");
}

/**
 * Python functions as they stand in a file's first column, without their decorators, which the prompt of `Fixing on the Fly`
 * leaves out of what is to be written.
 */
export function withoutDecorators(functions: string): string {
  let decorating = false;
  return functions
    .split("\n")
    .filter((line) => {
      if (line.startsWith("@")) decorating = true;
      else if (/^(?:async\s+)?(?:def|class)\b/.test(line)) decorating = false;
      return !decorating;
    })
    .join("\n");
}
