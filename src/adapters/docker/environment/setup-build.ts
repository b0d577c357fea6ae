import type Docker from "dockerode";
import { runSteps, setupFailed } from "../../../driver/setup-steps.ts";
import { setupVariables } from "../../../driver/setup-variables.ts";
import type { SetupDisk } from "../../../driver/setup-limits.ts";
import type { BuildLog } from "../../../driver/build-log.ts";
import type { BuildFile, EnvironmentRequest } from "../../../ports/environment-builder.ts";
import type { Logger } from "../../../ports/logger.ts";
import type { Labels } from "../container-config.ts";
import type { Engine } from "../engine.ts";
import { createContainer, removeContainer } from "../live-container.ts";
import { diskFault } from "./setup-disk-watch.ts";
import { finishScript, setupContainer } from "./setup-container.ts";
import { bringFiles, certificatesPath, layOutSetup } from "./setup-files.ts";
import type { SetupNetwork } from "./setup-network.ts";
import { runInContainer, runOurs } from "./setup-run.ts";

export type SetupBuild = {
  readonly request: EnvironmentRequest;
  /** Id of the image it starts from. */
  readonly image: string;
  readonly labels: Labels;
  /** Null for a candidate, which gets none. */
  readonly network: SetupNetwork | null;
  readonly files: readonly BuildFile[];
  /** PEM file on this host. */
  readonly certificates: string | null;
  readonly disk: SetupDisk;
  readonly log: BuildLog;
};

/**
 * Runs a plan's steps in a fresh container and makes an image of it with `keep`; the container is gone afterwards.
 * Throws RepairError `environment-failed`, `cancelled`, and what the engine throws.
 */
export async function buildInContainer(
  engine: Engine,
  build: SetupBuild,
  keep: (container: Docker.Container) => Promise<string>,
  logger: Logger,
  signal: AbortSignal,
): Promise<string> {
  const { request, network, certificates, log, disk } = build;
  const { plan, tree, limits } = request;
  const config = setupContainer({
    image: build.image,
    labels: { ...build.labels, "copatcher.run": request.label },
    network: network?.mode ?? "none",
    memoryMb: limits.memoryMb,
    lifeSeconds: (plan.steps.length * limits.stepMinutes + 30) * 60,
  });
  const container = await createContainer(engine, config, logger);
  try {
    await layOutSetup(engine, container, tree, certificates, signal);
    await engine.call("starting a container", (abortSignal) => container.start({ abortSignal }));
    await layFiles(engine, container, build, signal);
    const variables = setupVariables(network?.proxy ?? null, certificates === null ? null : certificatesPath);
    await runSteps(plan, log, network?.refusals ?? (() => []), ({ script }) =>
      runInContainer(
        engine,
        container,
        {
          command: ["sh", "-c", `umask 022\n${script}`],
          variables,
          timeoutMs: limits.stepMinutes * 60_000,
          disk,
          memoryMb: limits.memoryMb,
          output: log.output,
        },
        signal,
      ),
    );
    await runOurs(engine, container, ["sh", "-c", finishScript], signal);
    // nothing that a step left running may write while the image is made
    await engine.call("ending a container", (abortSignal) => container.kill({ abortSignal }));
    // a quick step ends before anybody looks
    const over = await diskFault(engine, container, disk, signal);
    if (over !== null) throw setupFailed(plan, plan.steps.at(-1)?.name ?? "", over, log, []);
    return await keep(container);
  } finally {
    await removeContainer(engine, container, logger);
  }
}

async function layFiles(
  engine: Engine,
  container: Docker.Container,
  { files, request, log }: SetupBuild,
  signal: AbortSignal,
): Promise<void> {
  if (files.length === 0) return;
  const refusal = await runOurs(
    engine,
    container,
    await bringFiles(engine, container, files, signal),
    signal,
  );
  if (refusal !== "") throw setupFailed(request.plan, "laying out the candidate", refusal, log, []);
}
