import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Prompt, PromptBook } from "../../ports/prompt-book.ts";

const FrontMatter = z.strictObject({
  id: z.string(),
  version: z.int().positive(),
  role: z.enum(["loc-gen", "val-assert", "val-no-assert"]),
  temperature: z.number().min(0).max(2),
  max_tokens: z.int().positive(),
  variables: z.array(z.string().regex(/^\w+$/)),
  reply: z.string().min(1),
  source: z.string().min(1),
});

/**
 * All prompts of a folder: one `<id>.md` each, YAML front-matter, then the template exactly as it is sent (without
 * the file's last newline). Throws RepairError `config-invalid` naming the file when one is not right.
 */
export async function loadPromptBook(directory: string): Promise<PromptBook> {
  const files = await readdir(directory).catch((cause: unknown) => {
    throw new RepairError("config-invalid", `the prompt folder ${directory} cannot be read`, { cause });
  });
  const prompts = new Map<string, Prompt>();
  for (const file of files.filter((name) => name.endsWith(".md") && name !== "README.md")) {
    const prompt = parsePrompt(await readFile(join(directory, file), "utf8"), file);
    prompts.set(prompt.id, prompt);
  }
  return {
    prompt(id) {
      const prompt = prompts.get(id);
      if (prompt === undefined)
        throw new RepairError("config-invalid", `${directory} has no prompt ${id}.md`);
      return prompt;
    },
  };
}

function parsePrompt(text: string, file: string): Prompt {
  const wrong = (what: string, cause?: unknown): RepairError =>
    new RepairError("config-invalid", `prompt ${file}: ${what}`, { cause });
  const parts = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(text);
  if (parts === null) throw wrong("no front-matter between two lines of ---");
  const [, head = "", body = ""] = parts;
  const front = FrontMatter.safeParse(parseYaml(head, wrong));
  if (!front.success) throw wrong(z.prettifyError(front.error));
  const { id, version, role, temperature, variables } = front.data;
  if (`${id}.md` !== file) throw wrong(`its id is ${id}; file and id must agree`);
  const template = body.replace(/\n$/, "");
  const used = placeholders(template);
  const unused = variables.filter((name) => !used.has(name));
  if (unused.length > 0) throw wrong(`declares variables that its text does not use: ${unused.join(", ")}`);
  const undeclared = [...used].filter((name) => !variables.includes(name));
  if (undeclared.length > 0) {
    throw wrong(`uses undeclared variables (write {{name}} for plain text): ${undeclared.join(", ")}`);
  }
  const hash = createHash("sha256").update(text).digest("hex");
  return { id, version, role, temperature, maxTokens: front.data.max_tokens, variables, template, hash };
}

function parseYaml(head: string, wrong: (what: string, cause?: unknown) => RepairError): unknown {
  try {
    return parse(head);
  } catch (error) {
    throw wrong("its front-matter is not YAML", error);
  }
}

const placeholders = (template: string): ReadonlySet<string> =>
  new Set(
    [...template.matchAll(/\{\{|\}\}|\{(\w+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name])),
  );
