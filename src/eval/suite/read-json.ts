import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";

/** Problems beyond these are only counted. */
const shown = 8;

/** The value of a JSON text in the wanted shape; `source` names the file. Throws `evaluation-invalid` with every problem. */
export const readJson = <T>(schema: z.ZodType<T>, text: string, source: string): T =>
  readValue(schema, parse(text, source), source);

/** The same of what was parsed already. */
export function readValue<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join(".") || "all"}: ${message}`);
  throw refusal(source, problems);
}

export function refusal(source: string, problems: readonly string[]): RepairError {
  const more = problems.length > shown ? `; and ${problems.length - shown} more` : "";
  return new RepairError("evaluation-invalid", `${source}: ${problems.slice(0, shown).join("; ")}${more}`);
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RepairError("evaluation-invalid", `${source}: it is not JSON: ${detail}`, { cause: error });
  }
}
