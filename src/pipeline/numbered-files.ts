import type { Language } from "../languages/language.ts";

/** One file as the line prompt shows it: `### File: path ###` and its numbered lines in a fence. */
export function numberedFile(path: string, text: string, fence: string, first = 1): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const numbered = lines.map((line, i) => `${first + i}: ${line}`).join("\n");
  return `### File: ${path} ###\n\`\`\`${fence}\n${numbered}\n\`\`\`\n`;
}

export type SourceFile = { readonly path: string; readonly text: string };

/**
 * Packs files into as few prompts as fit `budget` characters each. A file that alone exceeds it is cut at its
 * definitions' borders into several parts; numbers stay those of the whole file.
 */
export function packFiles(
  files: readonly SourceFile[],
  budget: number,
  language: Language,
): readonly string[] {
  const blocks = files.flatMap((file) => splitFile(file, budget, language));
  const prompts: string[] = [];
  for (const block of blocks) {
    const last = prompts.at(-1);
    if (last !== undefined && last.length + block.length + 1 <= budget)
      prompts[prompts.length - 1] = `${last}\n${block}`;
    else prompts.push(block);
  }
  return prompts;
}

function splitFile(file: SourceFile, budget: number, language: Language): readonly string[] {
  const [fence] = language.fences;
  const whole = numberedFile(file.path, file.text, fence);
  if (whole.length <= budget) return [whole];

  const lines = file.text.split("\n");
  const borders = new Set(language.structure(file.text).definitions.map((d) => d.range.first));
  const blocks: string[] = [];
  let start = 1;
  let lastBorder = 1;
  let size = 0;
  for (let line = 1; line <= lines.length; line += 1) {
    size += (lines[line - 1] ?? "").length + 8;
    if (borders.has(line)) lastBorder = line;
    if (size <= budget - 200) continue;
    const end = lastBorder > start ? lastBorder : line;
    blocks.push(numberedFile(file.path, `${lines.slice(start - 1, end - 1).join("\n")}\n`, fence, start));
    start = end;
    lastBorder = end;
    size = lines.slice(start - 1, line).reduce((sum, text) => sum + text.length + 8, 0);
  }
  blocks.push(numberedFile(file.path, lines.slice(start - 1).join("\n"), fence, start));
  return blocks.map((block) => (block.length <= budget ? block : block.slice(0, budget)));
}
