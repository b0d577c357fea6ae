import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import { PlannedFault } from "./faults.ts";
import { AnswerLength } from "./length.ts";
import { RuleMatch, type Rule, type RuleChoice } from "./rules.ts";

const common = {
  weight: z.number().nonnegative().optional(),
  tokens: AnswerLength.optional(),
  finish: z.enum(["stop", "length"]).optional(),
};
const FileChoice = z.strictObject({ ...common, file: z.string() });
const TextChoice = z.strictObject({ ...common, text: z.string() });
const WrittenRule = z.strictObject({
  match: RuleMatch,
  choices: z.array(z.union([TextChoice, FileChoice])).min(1),
  usage: z.strictObject({ prompt: z.number(), completion: z.number() }).optional(),
  faults: z.array(PlannedFault).optional(),
});
const WrittenScript = z.strictObject({ rules: z.array(WrittenRule) });

/**
 * Reads a script file, and the files that its choices name, relative to it. Throws RepairError `usage` when it is
 * not one.
 */
export async function readScript(path: string): Promise<readonly Rule[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new RepairError("usage", `cannot read ${path}`, { cause });
  });
  const parsed = WrittenScript.safeParse(jsonOf(text, path));
  if (!parsed.success)
    throw new RepairError("usage", `${path} is not a script:\n${z.prettifyError(parsed.error)}`);
  return Promise.all(
    parsed.data.rules.map(async (rule) => ({
      ...rule,
      choices: await Promise.all(
        rule.choices.map(async (choice): Promise<RuleChoice> => {
          if ("text" in choice) return choice;
          const { file, ...rest } = choice;
          return { ...rest, text: await readFile(resolve(dirname(path), file), "utf8") };
        }),
      ),
    })),
  );
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RepairError("usage", `${path} is not JSON`, { cause });
  }
}
