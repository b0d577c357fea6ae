import type Docker from "dockerode";
import { readFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { RepairError } from "../../../domain/errors.ts";
import { jobArchive, refuseJob } from "../../../driver/job-archive.ts";
import { layout } from "../../../driver/sandbox-layout.ts";
import type { BuildFile } from "../../../ports/environment-builder.ts";
import type { TreeArchive } from "../../../ports/workspace.ts";

const certificatesName = "certificates.pem";

/** Where steps find the operator's certificates. */
export const certificatesPath = `${layout.control}/${certificatesName}`;

/** Lays the tree, the empty folders and the operator's certificates into a container that has not started yet. */
export async function layOutSetup(
  container: Docker.Container,
  tree: TreeArchive,
  certificates: string | null,
  abortSignal: AbortSignal,
): Promise<void> {
  const archive = pack();
  const inside = (path: string) => path.replace(/^\//, "");
  for (const name of ["/sbx", layout.tree, layout.environment, layout.control].map(inside)) {
    archive.entry({ name, type: "directory", mode: 0o755 });
  }
  if (certificates !== null) {
    const content = await readFile(certificates);
    archive.entry({ name: inside(certificatesPath), mode: 0o644 }, content);
  }
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: "/", abortSignal });
  const input = createReadStream(tree.file);
  try {
    await container.putArchive(input, { path: layout.tree, abortSignal });
  } finally {
    input.destroy();
  }
}

/** The shell command that puts a candidate's files into the tree; it says on its output why it refuses one. */
export async function bringFiles(
  container: Docker.Container,
  files: readonly BuildFile[],
): Promise<readonly string[]> {
  const job = {
    label: "layer",
    files: files.map((file) => ({ place: "tree" as const, ...file })),
    commands: [],
  };
  const refusal = refuseJob(job);
  if (refusal !== null) throw new RepairError("environment-failed", `The candidate was refused: ${refusal}`);
  await container.putArchive(await jobArchive(job), { path: layout.control });
  return ["sh", `${layout.control}/apply.sh`, layout.control];
}
