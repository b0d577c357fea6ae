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
import type { Engine } from "../engine.ts";

const certificatesName = "certificates.pem";

/** Where steps find the operator's certificates. */
export const certificatesPath = `${layout.control}/${certificatesName}`;

/** Lays the tree, the empty folders and the operator's certificates into a container that has not started yet. */
export async function layOutSetup(
  engine: Engine,
  container: Docker.Container,
  tree: TreeArchive,
  certificates: string | null,
  signal: AbortSignal,
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
  const folders = await buffer(archive);
  await putArchive(engine, container, folders, "/", signal);
  const input = createReadStream(tree.file);
  try {
    await putArchive(engine, container, input, layout.tree, signal);
  } finally {
    input.destroy();
  }
}

/** The shell command that puts a candidate's files into the tree; it says on its output why it refuses one. */
export async function bringFiles(
  engine: Engine,
  container: Docker.Container,
  files: readonly BuildFile[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const job = {
    label: "layer",
    files: files.map((file) => ({ place: "tree" as const, ...file })),
    commands: [],
  };
  const refusal = refuseJob(job);
  if (refusal !== null) throw new RepairError("environment-failed", `The candidate was refused: ${refusal}`);
  await putArchive(engine, container, await jobArchive(job), layout.control, signal);
  return ["sh", `${layout.control}/apply.sh`, layout.control];
}

async function putArchive(
  engine: Engine,
  container: Docker.Container,
  archive: Buffer | NodeJS.ReadableStream,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await engine.transfer("laying files into a container", (late) =>
    container.putArchive(archive, { path, abortSignal: AbortSignal.any([signal, late]) }),
  );
}
