import { parsePatch, type StructuredPatch } from "diff";

/**
 * The files of a unified diff, undefined where it is none. Some tools store empty context lines without their leading blank,
 * or hunks whose header counts other lines; both are read.
 */
export function parsedDiff(patch: string): readonly StructuredPatch[] | undefined {
  const filled = `${patch.trimEnd().replace(/\n(?=\n)/g, "\n ")}\n`;
  for (const text of [patch, filled, recounted(patch), recounted(filled)]) {
    try {
      return parsePatch(text);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Every hunk's header with the counts of the lines that are there, as `git apply --recount` reads it. */
function recounted(patch: string): string {
  const parts = patch.trimEnd().split(/^(?=@@ |diff )/m);
  return `${parts.map(withOwnCounts).join("").trimEnd()}\n`;
}

function withOwnCounts(part: string): string {
  const [, from, to] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(part) ?? [];
  if (from === undefined || to === undefined) return part;
  const [, ...body] = part.trimEnd().split("\n");
  const count = (mark: "-" | "+"): number =>
    body.filter((line) => line.startsWith(" ") || line.startsWith(mark)).length;
  return `@@ -${from},${count("-")} +${to},${count("+")} @@\n${body.join("\n")}\n`;
}
