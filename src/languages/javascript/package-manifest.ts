import { z } from "zod";
import type { Checkout } from "../../ports/workspace.ts";
import { parseJson } from "../result-lines.ts";

const words = z.record(z.string(), z.string()).catch({});

const Manifest = z.object({
  name: z.string().catch(""),
  scripts: words.default({}),
  dependencies: words.default({}),
  devDependencies: words.default({}),
  peerDependencies: words.default({}),
  optionalDependencies: words.default({}),
  packageManager: z.string().catch(""),
  workspaces: z.unknown().optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** The package.json of a folder ("" is the root); null when there is none that can be read. */
export async function readManifest(checkout: Checkout, folder: string): Promise<Manifest | null> {
  const bytes = await checkout.read(inFolder(folder, "package.json"));
  if (bytes === null) return null;
  const manifest = Manifest.safeParse(
    parseJson(
      Buffer.from(bytes)
        .toString("utf8")
        .replace(/^\u{FEFF}/u, ""),
    ),
  );
  return manifest.success ? manifest.data : null;
}

/** Whether the project asks for a package itself. */
export const dependsOn = (manifest: Manifest, name: string): boolean =>
  [manifest.devDependencies, manifest.dependencies, manifest.peerDependencies].some((group) =>
    Object.hasOwn(group, name),
  );

export const inFolder = (folder: string, path: string): string =>
  folder === "" ? path : `${folder}/${path}`;
