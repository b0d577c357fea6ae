import { RepairError } from "../domain/errors.ts";
import type { Prompt } from "../ports/prompt-book.ts";

const marks = /\{\{|\}\}|\{(\w+)\}/g;

/**
 * The prompt's text with every declared variable replaced. `{name}` is a placeholder only when `name` is declared,
 * `{{` and `}}` stand for single braces, every other brace is text. Values are inserted as they are: what looks
 * like a placeholder inside a value stays untouched. Throws when a variable is missing or unknown.
 */
export function render(prompt: Prompt, values: Readonly<Record<string, string>>): string {
  const given = new Map(Object.entries(values));
  const missing = prompt.variables.filter((name) => !given.has(name));
  const unknown = [...given.keys()].filter((name) => !prompt.variables.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`missing ${missing.join(", ")}`] : []),
      ...(unknown.length > 0 ? [`unknown ${unknown.join(", ")}`] : []),
    ];
    throw new RepairError("internal", `variables of prompt ${prompt.id}: ${parts.join("; ")}`);
  }
  return prompt.template.replace(marks, (mark: string, name: string | undefined) => {
    if (mark === "{{") return "{";
    if (mark === "}}") return "}";
    return (name === undefined ? undefined : given.get(name)) ?? mark;
  });
}
