import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

const root = new URL("../../", import.meta.url);

export const pathOf = (name: string): string => fileURLToPath(new URL(name, root));
export const textOf = (name: string): string => readFileSync(new URL(name, root), "utf8");

const Gpu = z.strictObject({
  driver: z.literal("nvidia"),
  device_ids: z.tuple([z.string()]),
  capabilities: z.tuple([z.literal("gpu")]),
});

const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const mount = z.string().regex(/^\S.*:\/[^:\s]+(:ro)?$/);

/** The part of the Compose specification that the recipes use: a key that is not in it, or misspelt, does not parse. */
const Service = z.strictObject({
  image: z.string().optional(),
  build: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  restart: z.enum(["no", "unless-stopped"]).optional(),
  entrypoint: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.array(z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  volumes: z.array(mount).optional(),
  init: z.boolean().optional(),
  stop_grace_period: duration.optional(),
  shm_size: z.string().optional(),
  ulimits: z.strictObject({ nofile: z.number() }).optional(),
  cap_drop: z.tuple([z.literal("ALL")]).optional(),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]).optional(),
  group_add: z.array(z.string()).optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: duration,
      timeout: duration,
      retries: z.int().positive(),
      start_period: duration.optional(),
    })
    .optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.literal("service_healthy"), required: z.boolean().optional() }),
    )
    .default({}),
  networks: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.strictObject({ aliases: z.array(z.string()).default([]) }).nullable()),
    ])
    .default([]),
  deploy: z
    .strictObject({
      resources: z.strictObject({ reservations: z.strictObject({ devices: z.tuple([Gpu]) }) }),
    })
    .optional(),
});
export type Service = z.infer<typeof Service>;

const Compose = z.strictObject({
  name: z.string().optional(),
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })).default({}),
  volumes: z.record(z.string(), z.null()).default({}),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })).default({}),
});

const Fields = z.record(z.string(), z.unknown());

/** Without what is only there to be merged (`x-...`). Throws when a service is not as the specification has it. */
export function composeFile(name: string): z.infer<typeof Compose> {
  const fields = Object.entries(Fields.parse(parse(textOf(name), { merge: true })));
  return Compose.parse(Object.fromEntries(fields.filter(([key]) => !key.startsWith("x-"))));
}

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
