import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

const root = new URL("../../", import.meta.url);

export const pathOf = (name: string): string => fileURLToPath(new URL(name, root));
export const textOf = (name: string): string => readFileSync(new URL(name, root), "utf8");

const Gpu = z.object({ device_ids: z.tuple([z.string()]) });

const Service = z.looseObject({
  image: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  restart: z.string().optional(),
  ports: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  networks: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.object({ aliases: z.array(z.string()).default([]) }).nullable()),
    ])
    .default([]),
  deploy: z
    .object({ resources: z.object({ reservations: z.object({ devices: z.tuple([Gpu]) }) }) })
    .optional(),
});
export type Service = z.infer<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()).default({}),
});

export const composeFile = (name: string): z.infer<typeof Compose> =>
  Compose.parse(parse(textOf(name), { merge: true }));

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.unknown().optional(),
});
export type Manifest = z.infer<typeof Manifest>;

export const manifestFiles: readonly string[] = readdirSync(new URL("deploy/kubernetes", root)).map(
  (name) => `deploy/kubernetes/${name}`,
);

/** The objects of a file of manifests; throws at YAML that is not in order. */
export const manifestsIn = (name: string): readonly Manifest[] =>
  parseAllDocuments(textOf(name)).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return Manifest.parse(document.toJS());
  });

/** Values of flags written as `--name=value`. */
export function flagValue(command: readonly string[], flag: string): string {
  const found = command.find((word) => word.startsWith(`${flag}=`));
  if (found === undefined) throw new Error(`${flag} is not set in ${command.join(" ")}`);
  return found.slice(flag.length + 1);
}

export const flagsOf = (command: readonly string[]): readonly string[] =>
  command.flatMap((word) => /^--[a-z0-9-]+/.exec(word)?.[0] ?? []);
