import { parse } from "smol-toml";
import { z } from "zod";
import type { Checkout } from "../../ports/workspace.ts";

/** Text of a regular file of the tree, null when there is none of this name. */
export async function readText(checkout: Checkout, path: string): Promise<string | null> {
  const bytes = await checkout.read(path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** Dependencies of Poetry and Pipenv by name: a version or a table. */
const Versions = z.record(z.string(), z.unknown());

export const Pyproject = z.object({
  "build-system": z
    .object({ requires: z.array(z.string()).default([]), "build-backend": z.string().optional() })
    .optional(),
  project: z
    .object({
      dependencies: z.array(z.string()).default([]),
      "optional-dependencies": z.record(z.string(), z.array(z.string())).default({}),
    })
    .optional(),
  "dependency-groups": z.record(z.string(), z.array(z.unknown())).default({}),
  tool: z
    .object({
      poetry: z
        .object({
          "package-mode": z.boolean().default(true),
          dependencies: Versions.default({}),
          "dev-dependencies": Versions.default({}),
          extras: z.record(z.string(), z.unknown()).default({}),
          group: z.record(z.string(), z.object({ dependencies: Versions.default({}) })).default({}),
        })
        .optional(),
      pdm: z.object({ "dev-dependencies": z.record(z.string(), z.array(z.string())).default({}) }).optional(),
    })
    .default({}),
});
export type Pyproject = z.infer<typeof Pyproject>;

/** Null when the file is missing, no TOML or of another shape: pip will say what is wrong with it. */
export async function readPyproject(checkout: Checkout): Promise<Pyproject | null> {
  return readToml(checkout, "pyproject.toml", Pyproject);
}

export async function readToml<T>(checkout: Checkout, path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readText(checkout, path);
  if (text === null) return null;
  try {
    return schema.safeParse(parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Values of an INI section's key: one per line, continuation lines are indented (setup.cfg, tox.ini). Empty when the
 * key is missing.
 */
export function iniValues(text: string, section: string, key: string): readonly string[] {
  const values: string[] = [];
  let [inSection, inKey] = [false, false];
  for (const line of text.split(/\r?\n/)) {
    const [, header] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (header !== undefined) [inSection, inKey] = [header.trim() === section, false];
    else if (inSection && /^\s+\S/.test(line)) {
      if (inKey) values.push(line.trim());
    } else if (inSection && line.trim() !== "") {
      const end = line.search(/[=:]/);
      const value = line.slice(end + 1).trim();
      inKey = end > 0 && line.slice(0, end).trimEnd() === key;
      if (inKey && value !== "") values.push(value);
    }
  }
  return values.filter((value) => !value.startsWith("#"));
}

/** Keys of an INI section. */
export function iniKeys(text: string, section: string): readonly string[] {
  const [, body = ""] = text.split(new RegExp(`^\\[${section.replaceAll(".", "\\.")}\\][^\\n]*\\n`, "m"));
  const [own = ""] = body.split(/^\[/m);
  return [...own.matchAll(/^([\w.-]+)\s*[=:]/gm)].map(([, name]) => name ?? "");
}
