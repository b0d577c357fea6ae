import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { z } from "zod";
import type { EnvironmentBase, SetupStep } from "../domain/environment.ts";
import { RepairError } from "../domain/errors.ts";
import { refuseImageName } from "../domain/image-name.ts";
import { literal } from "../languages/shell.ts";

/** What a devcontainer.json says that can be built here. */
export type Devcontainer = {
  readonly base: EnvironmentBase;
  readonly steps: readonly SetupStep[];
  /** Shell that sets its variables. */
  readonly activate: string;
};

const Text = z.string().min(1);
const Single = z.union([Text, z.array(z.string()).min(1)]);
const Lifecycle = z.union([Single, z.record(z.string(), Single)]);
const Variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());

const lifecycle = ["onCreateCommand", "updateContentCommand", "postCreateCommand"] as const;

/** Keys about editors, hosts and people, without a say in what commands find. */
const harmless = [
  "$schema name customizations extensions settings forwardPorts appPort portsAttributes otherPortsAttributes",
  "remoteUser containerUser updateRemoteUserUID workspaceFolder hostRequirements shutdownAction overrideCommand",
  "userEnvProbe waitFor postAttachCommand devPort secrets init",
]
  .join(" ")
  .split(" ");

const Document = z.object({
  image: Text.optional(),
  build: z.strictObject({ dockerfile: Text, context: Text.optional() }).optional(),
  dockerFile: Text.optional(),
  context: Text.optional(),
  onCreateCommand: Lifecycle.optional(),
  updateContentCommand: Lifecycle.optional(),
  postCreateCommand: Lifecycle.optional(),
  containerEnv: Variables.optional(),
  remoteEnv: Variables.optional(),
});
type Document = z.infer<typeof Document>;

const known = new Set([...harmless, ...Object.keys(Document.shape)]);

/**
 * A devcontainer.json: an image or a Dockerfile, and the commands that run once. Throws `devcontainer-unsupported` with
 * the key for everything else that would change the result, so that nothing is left out without a word.
 */
export function readDevcontainer(text: string, path: string): Devcontainer {
  const document = parseDocument(text, path);
  for (const key of [...lifecycle, "containerEnv", "remoteEnv"] as const)
    refuseVariables(path, key, document[key]);
  return {
    base: baseOf(document, path),
    steps: lifecycle.flatMap((key) => stepsOf(key, document[key])),
    activate: exportLines({ ...document.containerEnv, ...document.remoteEnv }),
  };
}

function parseDocument(text: string, path: string): Document {
  const errors: ParseError[] = [];
  const parsed: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split("\n").length;
    throw refused(path, `it is not JSON with comments: ${printParseErrorCode(error.error)} in line ${line}`);
  }
  const keys = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!keys.success) throw refused(path, "it holds no object");
  const [foreign] = Object.entries(keys.data).filter(([key, value]) => !known.has(key) && !isEmpty(value));
  if (foreign !== undefined) throw refused(path, `its key ${JSON.stringify(foreign[0])} is not supported`);
  const document = Document.safeParse(keys.data);
  if (!document.success) throw refused(path, z.prettifyError(document.error));
  return document.data;
}

/** `"features": {}` asks for nothing. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);

function baseOf(document: Document, path: string): EnvironmentBase {
  const build =
    document.build ?? (document.dockerFile === undefined ? null : { dockerfile: document.dockerFile });
  if (build === null) {
    if (document.image === undefined) throw refused(path, "it names neither an image nor a Dockerfile");
    const refusal = refuseImageName(document.image);
    if (refusal !== null) throw refused(path, refusal);
    return { kind: "image", image: document.image };
  }
  const context = ("context" in build ? build.context : undefined) ?? document.context ?? ".";
  return {
    kind: "dockerfile",
    path: besides(path, build.dockerfile),
    context: besides(path, context),
  };
}

/** A path relative to the file's folder as one relative to the repository's root; the root itself is ".". */
function besides(path: string, relative: string): string {
  const segments = path.split("/").slice(0, -1);
  for (const segment of relative.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined)
      throw refused(path, `${JSON.stringify(relative)} leaves the repository`);
  }
  if (relative.startsWith("/")) throw refused(path, `${JSON.stringify(relative)} is absolute`);
  return segments.length === 0 ? "." : segments.join("/");
}

/** The specification's `${containerEnv:X}` and the like; a shell would read something else into them. */
function refuseVariables(path: string, key: string, value: unknown): void {
  const [variable] =
    /\$\{(?:\w+:[^}]*|localWorkspaceFolderBasename|containerWorkspaceFolderBasename|devcontainerId)\}/.exec(
      JSON.stringify(value ?? ""),
    ) ?? [];
  if (variable !== undefined) throw refused(path, `the variable ${variable} in ${key} is not supported`);
}

function stepsOf(
  key: (typeof lifecycle)[number],
  command: z.infer<typeof Lifecycle> | undefined,
): readonly SetupStep[] {
  if (command === undefined) return [];
  if (typeof command === "string" || Array.isArray(command)) return [stepOf(key, command)];
  return Object.entries(command).map(([name, one]) => stepOf(`${key} ${name}`, one));
}

const workspace = 'containerWorkspaceFolder="$(pwd)"; localWorkspaceFolder="$(pwd)"\n';

function stepOf(name: string, command: string | readonly string[]): SetupStep {
  const script = typeof command === "string" ? workspace + command : command.map(literal).join(" ");
  const shown = typeof command === "string" ? command : command.join(" ");
  return { name: `${name}: ${(shown.split("\n")[0] ?? "").slice(0, 120)}`, script: `${script}\n` };
}

/** Shell that sets variables; their names are checked by the schemas they come from. */
export const exportLines = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${literal(value)}\n`)
    .join("");

const refused = (path: string, why: string): RepairError =>
  new RepairError("devcontainer-unsupported", `${path}: ${why}`);
