import { asRepairError } from "../domain/errors.ts";
import { otherSettingsPath, settingsPath } from "../domain/settings.ts";
import type { SettingsRemark } from "../report/settings-check.ts";
import { checkSettings, largestSettings } from "./settings-file.ts";

/** The settings files of one commit, by path. */
export type FoundFiles = ReadonlyMap<string, Uint8Array>;

/** Where settings may be, the place that counts first. */
export const settingsPlaces = [settingsPath, otherSettingsPath] as const;

export async function findFiles(read: (path: string) => Promise<Uint8Array | null>): Promise<FoundFiles> {
  const found = new Map<string, Uint8Array>();
  for (const path of settingsPlaces) {
    const bytes = await read(path).catch(tooLarge);
    if (bytes !== null) found.set(path, bytes);
  }
  return found;
}

/** More than a forge gives is more than settings may have: so much is known without the file. */
function tooLarge(error: unknown): Uint8Array {
  const { code, data } = asRepairError(error);
  if (code !== "forge-rejected" || typeof data["size"] !== "number") throw error;
  return new Uint8Array(largestSettings + 1);
}

/** What `copatcher config validate` says of these files, and that the second one is not read. */
export function remarksOn(files: FoundFiles): readonly SettingsRemark[] {
  return settingsPlaces.flatMap((file): readonly SettingsRemark[] => {
    const bytes = files.get(file);
    if (bytes === undefined) return [];
    if (file === otherSettingsPath && files.has(settingsPath)) {
      const message = `this file is not read, since ${settingsPath} is there`;
      return [{ file, line: 1, column: 1, severity: "warning", key: "", message }];
    }
    return checkSettings(bytes).problems.map((problem) => ({ file, ...problem }));
  });
}
