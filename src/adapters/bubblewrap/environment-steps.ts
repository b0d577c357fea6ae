import { join } from "node:path";
import type { BuildLog } from "../../driver/build-log.ts";
import { jobArchive, refuseJob } from "../../driver/job-archive.ts";
import { layout } from "../../driver/sandbox-layout.ts";
import type { SetupDisk } from "../../driver/setup-limits.ts";
import { runSteps, setupFailed } from "../../driver/setup-steps.ts";
import { setupVariables } from "../../driver/setup-variables.ts";
import { shellQuote } from "../../driver/shell-quote.ts";
import type { Egress } from "../../ports/egress.ts";
import type { BuildFile, EnvironmentRequest } from "../../ports/environment-builder.ts";
import { forwardPort, forwardScript } from "./environment-forward.ts";
import { openSetupSandbox, type SetupSandbox } from "./environment-run.ts";
import { memoryFolders } from "./memory-folders.ts";
import { inSystem, programParts } from "./program-parts.ts";
import type { Host } from "./host.ts";

export type SetUp = {
  /** Writable folder of the host that the steps fill. */
  readonly folder: string;
  readonly request: EnvironmentRequest;
  readonly files: readonly BuildFile[];
  /** The way out, with a folder for its socket; null for none. */
  readonly way: { readonly folder: string; readonly egress: Egress } | null;
  readonly certificates: string | null;
  readonly disk: SetupDisk;
  readonly log: BuildLog;
};

const mb = 2 ** 20;
/** Package managers unpack below the home folder, which lies in memory here. */
const temporaryMb = 2048;
const temporaryInodes = 500_000;
const treeRoomMb = 1024;

/** Runs a plan's steps. Throws RepairError `environment-failed`, `sandbox-failed` or `cancelled`. */
export async function setUpInSandbox(host: Host, setUp: SetUp, signal: AbortSignal): Promise<void> {
  const { folder, request, way, certificates, disk, log } = setUp;
  const { plan, tree, limits } = request;
  const socket = way === null ? null : join(way.folder, "proxy.sock");
  const gate =
    way === null || socket === null
      ? null
      : await way.egress.open({ kind: "socket", path: socket }, plan.hosts ?? null, log.note);
  try {
    const proxy = way === null || socket === null ? null : { folder: way.folder, socket };
    const inMemory = memoryFolders(Math.ceil(tree.bytes / mb) * 2 + treeRoomMb, tree.files + 100_000);
    const sandbox = await openSetupSandbox(
      host,
      {
        folder,
        tree: tree.file,
        folders: inMemory.map((one) =>
          one.path === layout.temporary ? { ...one, sizeMb: temporaryMb, inodes: temporaryInodes } : one,
        ),
        proxy,
        shown: [...programParts(process.execPath), ...ownFile(certificates)],
        memoryMb: limits.memoryMb,
        stepSeconds: limits.stepMinutes * 60,
        disk,
      },
      signal,
    );
    try {
      await layFiles(sandbox, setUp);
      const way = gate && { host: "127.0.0.1", port: forwardPort, credential: gate.credential };
      const variables = Object.entries(setupVariables(way, certificates))
        .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
        .join("");
      const forward = gate === null ? "" : forwardScript(process.execPath, gate.credential);
      await runSteps(plan, log, gate?.refusals ?? (() => []), ({ script }) =>
        sandbox.runStep(`${forward}${variables}umask 022\n${script}`, log.output),
      );
    } finally {
      await sandbox.close();
    }
  } finally {
    await gate?.close();
  }
}

/** Nothing beside the file: the operator's keys often lie in the same folder. */
const ownFile = (path: string | null): readonly string[] => (path === null || inSystem(path) ? [] : [path]);

async function layFiles(sandbox: SetupSandbox, { files, request, log }: SetUp): Promise<void> {
  if (files.length === 0) return;
  const job = {
    label: "layer",
    files: files.map((file) => ({ place: "tree" as const, ...file })),
    commands: [],
  };
  const failed = (why: string) => setupFailed(request.plan, "laying out the candidate", why, log, []);
  const refusal = refuseJob(job);
  if (refusal !== null) throw failed(refusal);
  const archive = await jobArchive(job);
  const said: Buffer[] = [];
  const script = `mkdir /tmp/layer && base64 -d <<'END' | tar -x -f - -C /tmp/layer --no-same-owner && sh /tmp/layer/apply.sh /tmp/layer
${archive.toString("base64")}
END
`;
  const end = await sandbox.runStep(script, (chunk) => said.push(chunk));
  const text = Buffer.concat(said).toString("utf8").trim();
  if (end.kind === "stopped") throw failed(end.why);
  if (end.code !== 0 || text !== "") throw failed(text === "" ? `exit ${end.code}` : text);
}
