import { z } from "zod";
import { RepoSettings, settingsPath } from "../settings.ts";

/** Where the bot serves the schema, for `# yaml-language-server: $schema=`. */
export const schemaPath = "/schema/v1.json";

/** What is read here of a JSON Schema. */
const Node = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  get anyOf() {
    return z.array(Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get properties() {
    return z.record(z.string(), Node).optional();
  },
});
export type SchemaNode = z.infer<typeof Node>;

/** The JSON Schema of a settings file, from the validator itself. */
export const settingsJsonSchema: object = withTitle(z.toJSONSchema(RepoSettings, { io: "input" }));

/** That our own code may not change what it read says nothing about the file. */
function withTitle(schema: object): object {
  const said = Object.entries(schema).filter(([key]) => key !== "readOnly");
  return { title: settingsPath, ...Object.fromEntries(said) };
}

const root: SchemaNode = Node.parse(settingsJsonSchema);

/** The keys that a settings file may hold at `path`, which names places of lists by their numbers; none where no section is. */
export const keysAt = (path: readonly PropertyKey[]): readonly string[] =>
  Object.keys(path.reduce<SchemaNode | undefined>(nodeBelow, root)?.properties ?? {});

const nodeBelow = (node: SchemaNode | undefined, key: PropertyKey): SchemaNode | undefined =>
  node?.properties?.[String(key)] ?? (/^\d+$/.test(String(key)) ? node?.items : undefined);

/** Every key that is no section, as `section.key`, with what the schema says of it. */
export function settingsKeys(
  node: SchemaNode = root,
  prefix = "",
): readonly (readonly [string, SchemaNode])[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, below]) =>
    below.properties === undefined
      ? [[`${prefix}${key}`, below] as const]
      : settingsKeys(below, `${prefix}${key}.`),
  );
}
