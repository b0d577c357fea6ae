import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBubblewrapSandbox } from "../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import { createDockerSandbox } from "../../src/adapters/docker/docker-sandbox.ts";
import type { Sandbox } from "../../src/ports/sandbox.ts";
import { never, type Subject } from "./attack.ts";
import { quietLogger } from "./quiet-logger.ts";

export const subjectKinds = ["docker", "bubblewrap"] as const;

type SubjectKind = (typeof subjectKinds)[number];

const sandboxOf = (kind: SubjectKind, image: string): Sandbox => {
  const common = { instance: "attack", slots: 2, logger: quietLogger };
  return kind === "docker"
    ? createDockerSandbox({ ...common, defaultImage: image })
    : createBubblewrapSandbox(common);
};

/** Which sandboxes work on this machine, and why the others do not. */
export async function findUsable(
  kinds: readonly SubjectKind[],
  image: string,
): Promise<{ readonly usable: readonly SubjectKind[]; readonly skipped: readonly string[] }> {
  const checks = await Promise.all(
    kinds.map(async (kind) => ({ kind, check: await sandboxOf(kind, image).check(null) })),
  );
  return {
    usable: checks.flatMap(({ kind, check }) => (check.ok ? [kind] : [])),
    skipped: checks.flatMap(({ kind, check }) => (check.ok ? [] : [`${kind}: ${check.detail}`])),
  };
}

/** A sandbox with a session on a tree that has a link out of it, with small limits, as an attacker would get. */
export async function openSubject(
  kind: SubjectKind,
  image: string,
): Promise<{ readonly subject: Subject; close(): Promise<void> }> {
  const sandbox = sandboxOf(kind, image);
  const directory = mkdtempSync(join(tmpdir(), "copatcher-attack-"));
  const root = join(directory, "tree");
  mkdirSync(root);
  writeFileSync(join(root, "app.py"), "x = 1\n");
  symlinkSync("/etc", join(root, "link"));
  const file = join(directory, "tree.tar");
  execFileSync("tar", ["-c", "-f", file, "-C", root, "."]);
  const tree = { file, sha: "0".repeat(40), bytes: statSync(file).size, files: 2 };
  const limits = { memoryMb: 128, processes: 128, outputBytes: 64 * 1024, treeMb: 48 };
  const request = { label: "attack", environment: null, tree, warmUp: null, limits };
  const session = await sandbox.open(request, never());
  const close = async () => {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { subject: { kind, sandbox, session }, close };
}
