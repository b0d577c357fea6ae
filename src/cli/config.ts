import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { RepairError } from "../domain/errors.ts";
import { unlimited } from "../domain/limits.ts";
import { otherSettingsPath, settingsPath } from "../domain/settings.ts";
import { settingsJsonSchema } from "../domain/settings/json-schema.ts";
import { resolveSettings } from "../domain/settings/layers.ts";
import { withVisibleHidden } from "../domain/visible-text.ts";
import { problemLine } from "../runs/load-settings.ts";
import { operatorCaps } from "../runs/settings-caps.ts";
import { checkSettings, largestSettings } from "../runs/settings-file.ts";

/** `copatcher config`: settings files, without a bot. */
export const configCommand = (): Command =>
  new Command("config")
    .description("check settings files")
    .addCommand(
      new Command("validate")
        .description("check a settings file; ends with 1 when the bot would refuse it")
        .argument("[path]", `the file, or a folder with ${settingsPath} or ${otherSettingsPath}`, ".")
        .option("--json", "print one JSON object on the last line", false)
        .action(validate),
    )
    .addCommand(
      new Command("schema")
        .description("print the JSON Schema of settings files, for editors")
        .action(() => console.log(JSON.stringify(settingsJsonSchema, null, 2))),
    );

async function validate(path: string, { json }: { readonly json: boolean }): Promise<void> {
  const file = await fileAt(path);
  const { values, problems } =
    file === null ? { values: {}, problems: [] } : checkSettings(await start(file));
  const ok = values !== null;
  const resolved = ok ? resolveSettings([{ name: "repository", values }], builtInCaps) : null;
  if (json) console.log(JSON.stringify({ ok, file, problems, ...resolved }));
  else {
    const lines = [
      ...problems.map((problem) => `${problem.severity}: ${problemLine(file ?? "", problem)}`),
      ...(resolved?.clamps ?? []).map((clamp) => `warning: ${clamp}`),
      verdict(path, file, ok),
    ];
    for (const line of lines) console.log(withVisibleHidden(line));
  }
  if (!ok) process.exitCode = 1;
}

/** No bot is asked, so only what holds for each of them. */
const builtInCaps = operatorCaps(unlimited, { run: Infinity, step: Infinity });

const verdict = (path: string, file: string | null, ok: boolean): string =>
  file === null
    ? `${path} has no settings file, so the defaults hold.`
    : `${file} is ${ok ? "" : "not "}valid.`;

/** Null for a folder without a settings file. Throws `usage` for a path that does not exist. */
async function fileAt(path: string): Promise<string | null> {
  const kind = await kindOf(path);
  if (kind === null) throw new RepairError("usage", `${path} does not exist or cannot be read`);
  if (kind === "file") return path;
  for (const name of [settingsPath, otherSettingsPath]) {
    const file = join(path, name);
    if ((await kindOf(file)) === "file") return file;
  }
  return null;
}

const kindOf = (path: string): Promise<"file" | "folder" | null> =>
  stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => null,
  );

/** As much of a file as tells whether it is too large. Throws `usage` when it cannot be read. */
async function start(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(largestSettings + 1));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new RepairError("usage", `${path} cannot be read`, { cause: error });
  }
}
