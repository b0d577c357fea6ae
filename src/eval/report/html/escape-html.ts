import { withVisibleHidden } from "../../../domain/visible-text.ts";

const marks: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Untrusted text for an element's content or a quoted attribute; hidden characters are shown. */
export const escapeHtml = (text: string): string =>
  withVisibleHidden(text).replace(/[&<>"']/g, (mark) => marks[mark] ?? "");
