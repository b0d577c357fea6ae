import { pack, type Pack } from "tar-stream";
import { RepairError } from "../domain/errors.ts";
import type { SandboxJob } from "../ports/sandbox.ts";
import { applyScript } from "./driver-script.ts";
import { sizesMb } from "./sandbox-layout.ts";
import { isReportName, unsafePath } from "./tree-path.ts";

/** Of all files of one job together; the sandbox keeps them in memory. */
const maxFilesBytes = (sizesMb.control / 2) * 2 ** 20;

/** Whole seconds, because not every `timeout` program takes fractions. */
export const wholeSeconds = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));

/** Why the job cannot be laid out, null when it can: it would leave the tree, or enter its git data. */
export function refuseJob(job: SandboxJob): string | null {
  const bytes = job.files.reduce((sum, file) => sum + Buffer.byteLength(file.content ?? ""), 0);
  if (bytes > maxFilesBytes) return `its files have ${bytes} bytes, and ${maxFilesBytes} are allowed`;
  for (const file of job.files) {
    const reason = unsafePath(file.path);
    if (reason !== null) return reason;
    if (file.place === "aside" && file.content === null) return `the aside file ${file.path} has no content`;
  }
  return null;
}

/** The job as the tar that the driver reads from its standard input: scripts, aside files, and files for the tree under numbers. */
export async function jobArchive(job: SandboxJob): Promise<Buffer> {
  const archive = pack();
  const file = (name: string, content: string, mode = 0o644) => {
    archive.entry({ name, mode }, content);
  };
  file("apply.sh", applyScript);
  for (const [index, command] of job.commands.entries()) {
    folder(archive, `commands/${index}`);
    file(`commands/${index}/script`, command.script);
    file(`commands/${index}/seconds`, `${wholeSeconds(command.timeoutMs)}\n`);
    if (command.input !== undefined) file(`commands/${index}/input`, command.input, 0o600);
    if (command.report !== null) file(`commands/${index}/report`, `${reportName(command.report)}\n`);
  }
  folder(archive, "aside");
  folder(archive, "files");
  let next = 0;
  for (const { place, path, content } of job.files) {
    if (place === "aside") {
      if (content !== null) file(`aside/${path}`, content);
      continue;
    }
    file(`files/${next}.path`, path);
    if (content !== null) file(`files/${next}.content`, content);
    next += 1;
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) {
    if (chunk instanceof Uint8Array) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function folder(archive: Pack, name: string): void {
  archive.entry({ name, type: "directory", mode: 0o755 });
}

/** Throws RepairError `internal`: report names come from our own language adapters. */
export function reportName(name: string): string {
  if (isReportName(name)) return name;
  throw new RepairError("internal", `The report name ${JSON.stringify(name)} is not a plain file name.`);
}
