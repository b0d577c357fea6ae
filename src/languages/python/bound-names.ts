import type { CodeLine } from "./logical-lines.ts";

/** A target of an assignment: where it begins, and the variables that it binds. */
export type Target = { readonly start: number; readonly names: readonly string[] };

const name = /[A-Za-z_]\w*/.source;
const dotted = new RegExp(`^${name}(?:\\.${name})*$`);
/** An attribute or an item of something, e.g. `os.environ["A"]`. */
const part = new RegExp(`^${name}[\\w.]*[[(].*(?:\\]|\\.${name})$`);
/** Words that name a variable in some places only. */
const ambiguous = /\b(?:print|exec|async|await|type|lambda)\b/;

/** The targets of a line, in their order, none when it assigns nothing; null where only a parser can tell. */
export function targetsOf(text: string, { start, end, colon, assigns }: CodeLine): readonly Target[] | null {
  const [first] = assigns;
  const annotated = colon !== -1 && (first === undefined || colon < first);
  if (!annotated && first === undefined) return [];
  if (annotated && assigns.length > 1) return null;
  if (assigns.length > 1 && ambiguous.test(text.slice(start, end))) return null;
  const signs = annotated ? [colon] : assigns;
  const targets: Target[] = [];
  let from = start;
  for (const sign of signs) {
    const whole = text.slice(from, sign);
    const names = boundNames(whole.trim());
    if (names === null) return null;
    targets.push({ start: from + whole.length - whole.trimStart().length, names });
    from = sign + 1;
  }
  return targets;
}

/** Attributes and items bind no variable. */
function boundNames(target: string): readonly string[] | null {
  if (ambiguous.test(target)) return null;
  if (part.test(target)) return target.includes(",") ? null : [];
  const parts = target.split(",").map((one) => one.trim());
  if (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts.every((one) => dotted.test(one)) ? parts.filter((one) => !one.includes(".")) : null;
}
