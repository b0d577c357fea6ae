// Writes docs/settings.md and docs/settings.schema.json: `npx tsx .ci/settings-docs.ts`.
import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { otherSettingsPath, settingsPath } from "../src/domain/settings.ts";
import { capSources } from "../src/domain/settings/caps.ts";
import {
  schemaPath,
  settingsJsonSchema,
  settingsKeys,
  type SchemaNode,
} from "../src/domain/settings/json-schema.ts";
import { largestSettings } from "../src/runs/settings-file.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** What a key takes, in words. */
function typeOf(node: SchemaNode): string {
  const { type, enum: names, anyOf, items, minimum, maximum, exclusiveMinimum } = node;
  if (anyOf !== undefined) return anyOf.map(typeOf).join(", ");
  if (node.const !== undefined) return code(node.const);
  if (names !== undefined) return names.map((name) => `\`${String(name)}\``).join(", ");
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (type === "object" && node.properties !== undefined)
    return `mappings with ${Object.keys(node.properties)
      .map((name) => `\`${name}\``)
      .join(", ")}`;
  if (type === "object") return "mapping of names to strings";
  const words = (Array.isArray(type) ? type : [type ?? "anything"]).map((word) =>
    word === "null" ? "`null`" : word,
  );
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`);
  const range =
    least === undefined || maximum === undefined ? "" : `, ${least} to ${maximum.toLocaleString("en")}`;
  return `${words.join(", ")}${range}`;
}

/** The two files as they must be, by path. */
export async function settingsDocs(): Promise<Readonly<Record<string, string>>> {
  const rows = settingsKeys().map(
    ([key, node]) =>
      `| \`${key}\` | ${cell(typeOf(node))} | ${code(node.default)} | ${cell(node.description ?? "")} |`,
  );
  const caps = Object.entries(capSources).map(([key, source]) =>
    source === "built in"
      ? `| \`${key}\` | built in: what a run may ask of the models |`
      : `| \`${key}\` | \`${source}\` |`,
  );
  const text = `# Settings

<!-- Generated: npx tsx .ci/settings-docs.ts -->

A repository's settings are in \`${settingsPath}\`, else in \`${otherSettingsPath}\`, on its default branch: never in a pull
request. Every key is optional and an empty file is valid. At most ${largestSettings.toLocaleString("en")} bytes are read.

\`npm run copatcher -- config validate [FILE or FOLDER]\` checks a file without a bot (it ends with 1 when the bot would refuse it;
\`--json\` tells it to programs). Editors complete and check the file with the schema, which \`npm run copatcher -- config schema\`
prints and every bot serves:

\`\`\`yaml
# yaml-language-server: $schema=https://<address of the bot>${schemaPath}
version: 1
\`\`\`

## Keys

Where the default is \`null\`, the operator of the bot decides, or Copatcher finds it, as the meaning says.

| key | takes | default | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}

## Who decides

Weakest first; of each key the last that says it holds:

1. built in (the defaults above);
2. the operator of the bot (its environment variables);
3. the owner: \`${settingsPath}\` in the owner's repository \`.github\`, for all of its repositories, if the App may read it;
4. the repository's own file;
5. the command that asks, or the options of \`copatcher\` on the command line.

\`null\` gives a key back to the operator. \`paths.protect\` and \`environment.env\` add up. An \`image\`, \`dockerfile\` or
\`devcontainer\` takes the place of any of these of a weaker layer, and so does a \`command\` or \`targeted\` of \`tests\`. No file can name another repository to take settings
from (\`_extends\`). What a project of \`projects\` says of its environment and tests goes over what any file says of
them; a run uses one project or none, and its last comment says which.

The operator's caps hold in any case. What is above one is lowered, and the run's last comment on the issue says so:

| key | cap |
| --- | --- |
${caps.join("\n")}

## What is wrong with a file

- An unknown key is left out, with a warning that names the nearest one.
- Everything else makes the file invalid: no YAML, a key twice, a wrong type or value, aliases (\`*name\`), several documents,
  too large, nested too deeply. Runs end with the file, line, column and problem on the issue.
- When GitHub cannot be read, the file holds as the bot read it last.
`;
  const markdown = { ...(await resolveConfig("docs/settings.md")), parser: "markdown" };
  const json = { ...(await resolveConfig("docs/settings.schema.json")), parser: "json" };
  return {
    "docs/settings.md": await format(text, markdown),
    "docs/settings.schema.json": await format(JSON.stringify(settingsJsonSchema), json),
  };
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, content] of Object.entries(await settingsDocs())) writeFileSync(path, content);
}
