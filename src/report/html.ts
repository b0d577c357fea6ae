import { withVisibleHidden } from "../domain/visible-text.ts";

/** Markup that may be put into a page as it is; only `html` makes it. */
export type Html = { readonly markup: string };

export type Part = Html | string | number | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Untrusted text for an element or a quoted attribute, neither of which it can leave; hidden characters are shown. */
export const escapeHtml = (text: string): string =>
  withVisibleHidden(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");

function markupOf(part: Part): string {
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(({ markup }) => markup).join("");
}

/** A template whose values are text, unless they are markup already. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: strings.map((text, place) => text + markupOf(parts[place] ?? "")).join(""),
});

/** A table with one head cell a column, or "" when it has no rows. */
export function grid(title: string, head: readonly string[], rows: readonly (readonly Part[])[]): Html {
  if (rows.length === 0) return html``;
  const line = (cells: readonly Part[], of: "th" | "td"): Html => {
    const inside = cells.map((cell) => ({ markup: `<${of}>${markupOf(cell)}</${of}>` }));
    return html`<tr>
      ${inside}
    </tr>`;
  };
  const body = rows.map((cells) => line(cells, "td"));
  return html`<h2>${title}</h2>
    <table>
      ${line(head, "th")}${body}
    </table>`;
}

/** A table of names and what belongs to them. */
export const pairs = (rows: readonly (readonly [string, Part])[]): Html => {
  const lines = rows.map(
    ([name, value]) =>
      html`<tr>
        <th>${name}</th>
        <td>${value}</td>
      </tr>`,
  );
  return html`<table class="facts">
    ${lines}
  </table>`;
};
