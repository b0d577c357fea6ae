import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type {
  Sandbox,
  SandboxCommand,
  SandboxFile,
  SandboxLimits,
  SandboxSession,
} from "../../src/ports/sandbox.ts";
import type { TreeArchive } from "../../src/ports/workspace.ts";

export type MakeSandbox = (options: { readonly slots: number }) => {
  readonly sandbox: Sandbox;
  /** Names of what the sandbox left on the machine, e.g. containers. */
  readonly leftovers: () => readonly string[];
};

export const never = (): AbortSignal => new AbortController().signal;

export const someLimits: SandboxLimits = { memoryMb: 512, processes: 64, outputBytes: 64_000, treeMb: 64 };

type TreeParts = {
  readonly files?: Readonly<Record<string, string>>;
  readonly executables?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  /** Names that are not text. */
  readonly bytes?: readonly Buffer[];
};

/** A tar like the one of a commit, removed after the test unless told otherwise. */
export function treeOf(
  { files = {}, executables = {}, links = {}, bytes = [] }: TreeParts,
  atEnd: (remove: () => void) => void = onTestFinished,
): TreeArchive {
  const folder = mkdtempSync(join(tmpdir(), "copatcher-tree-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "tree");
  const write = (path: string, content: string, mode: number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  };
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) write(path, content, 0o644);
  for (const [path, content] of Object.entries(executables)) write(path, content, 0o755);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  for (const name of bytes) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), "bytes");
  const file = join(folder, "tree.tar");
  execFileSync("tar", ["-c", "-f", file, "-C", root, "."]);
  const count = Object.keys(files).length + Object.keys(executables).length + bytes.length;
  return { file, sha: "0".repeat(40), bytes: statSync(file).size, files: count };
}

/** A session that is closed after the test. */
export async function openSession(
  sandbox: Sandbox,
  tree: TreeParts = {},
  limits: Partial<SandboxLimits> = {},
): Promise<SandboxSession> {
  const request = {
    label: "contract",
    environment: null,
    warmUp: null,
    tree: treeOf(tree),
    limits: { ...someLimits, ...limits },
  };
  const session = await sandbox.open(request, never());
  onTestFinished(() => session.close());
  return session;
}

/** One session on an empty tree for all tests of a group; jobs cannot see each other, so they can share it. */
export function sharedSession(make: MakeSandbox): () => SandboxSession {
  let session: SandboxSession | null = null;
  const removals: (() => void)[] = [];
  beforeAll(async () => {
    const tree = treeOf({}, (remove) => removals.push(remove));
    const { sandbox } = make({ slots: 2 });
    session = await sandbox.open(
      { label: "contract", environment: null, warmUp: null, tree, limits: someLimits },
      never(),
    );
  });
  afterAll(async () => {
    await session?.close();
    for (const remove of removals) remove();
  });
  return () => {
    if (session === null) throw new Error("the shared session did not open");
    return session;
  };
}

export const command = (script: string, options: Partial<SandboxCommand> = {}): SandboxCommand => ({
  script,
  timeoutMs: 20_000,
  report: null,
  ...options,
});

/** Runs the commands as one job. */
export const runAll = (
  session: SandboxSession,
  commands: readonly SandboxCommand[],
  files: readonly SandboxFile[] = [],
): Promise<readonly ExecutionOutcome[]> => session.run({ label: "job", files, commands }, never());

/** Runs one script and returns its standard output; throws when it does not exit with 0. */
export async function outputOf(
  session: SandboxSession,
  script: string,
  files: readonly SandboxFile[] = [],
): Promise<string> {
  const [outcome] = await runAll(session, [command(script)], files);
  if (outcome?.kind === "exited" && outcome.exitCode === 0) return outcome.stdout;
  throw new Error(`the script did not succeed: ${JSON.stringify(outcome)}`);
}
