import type { GoodEdit } from "./good-edits.ts";

/** How edits are written down; what is left out is as the prompt asks. */
export type Style = {
  /** Width of the three marks of an edit. */
  readonly widths?: (edit: number) => readonly [search: number, divider: number, replace: number];
  readonly search?: string;
  readonly replace?: string;
  readonly path?: (path: string) => string;
  readonly head?: (path: string) => string;
  readonly tail?: string | null;
  readonly fence?: readonly [open: string, close: string] | null;
  /** A line before each edit. */
  readonly above?: string;
  /** The lines of one edit, changed. */
  readonly lines?: (lines: readonly string[], edit: number) => readonly string[];
};

/** The edits as a model writes them, one block each, so that their order stays. */
export function written(edits: readonly GoodEdit[], style: Style = {}): string {
  const { widths = () => [7, 7, 7], search = " SEARCH", replace = " REPLACE" } = style;
  const { path = (same) => same, head = (name) => `<<< MODIFIED FILE: ${name} >>>` } = style;
  const { tail = "<<< END MODIFIED FILE >>>", fence = ["```python", "```"], lines = (same) => same } = style;
  const blocks = edits.map((edit, index) => {
    const [first, middle, last] = widths(index);
    const body = [
      `${"<".repeat(first)}${search}`,
      ...edit.search,
      "=".repeat(middle),
      ...edit.replace,
      `${">".repeat(last)}${replace}`,
    ];
    return [
      head(path(edit.path)),
      ...(fence === null ? [] : [fence[0]]),
      ...(style.above === undefined ? [] : [style.above]),
      ...lines(body, index),
      ...(fence === null ? [] : [fence[1]]),
      ...(tail === null ? [] : [tail]),
    ];
  });
  return blocks.flat().join("\n");
}
