import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { RepairError } from "../domain/errors.ts";
import { defaultSettings, RepoSettings, settingsPath } from "../domain/settings.ts";
import type { Checkout } from "../ports/workspace.ts";

/** The repository's settings; a missing or empty file means the defaults. Throws `settings-invalid`. */
export async function loadSettings(checkout: Checkout): Promise<RepoSettings> {
  const bytes = await checkout.read(settingsPath);
  return bytes === null ? defaultSettings : readSettings(new TextDecoder().decode(bytes));
}

/** One settings file's text as RepoSettings; every problem is named in the one error. */
export function readSettings(text: string): RepoSettings {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const detail = error instanceof YAMLParseError ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new RepairError("settings-invalid", `${settingsPath} is not YAML: ${detail}`, { cause: error });
  }
  const result = RepoSettings.safeParse(document ?? {});
  if (result.success) return result.data;
  throw new RepairError("settings-invalid", `${settingsPath}:\n${z.prettifyError(result.error)}`);
}
