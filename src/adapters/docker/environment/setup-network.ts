import { rm } from "node:fs/promises";
import { join } from "node:path";
import { RepairError } from "../../../domain/errors.ts";
import type { BuildLog } from "../../../driver/build-log.ts";
import type { ProxyAddress } from "../../../driver/setup-variables.ts";
import { makeWayFolder } from "../../../driver/way-folder.ts";
import type { Egress } from "../../../ports/egress.ts";
import type { Logger } from "../../../ports/logger.ts";
import type { Labels } from "../container-config.ts";
import type { Engine } from "../engine.ts";
import { removeContainer, startContainer, type LiveContainer } from "../live-container.ts";
import { forwarderContainer, forwardPort, ready, socketName } from "./forwarder-container.ts";

/** A network of one build's own, in which nothing but the proxy can be reached. */
export type SetupNetwork = {
  /** The engine's mode for containers that join it. */
  readonly mode: string;
  readonly proxy: ProxyAddress;
  refusals(): readonly string[];
  close(): Promise<void>;
};

export type NetworkParts = {
  readonly engine: Engine;
  readonly egress: Egress;
  readonly defaultImage: string;
  readonly labels: Labels;
  readonly logger: Logger;
};

const startMs = 60_000;

/**
 * A container without a network holds the loopback in which a forwarder leads to the proxy's socket on this machine: a
 * network of the engine, even an internal one, would lead to everything that listens on the machine. `hosts` narrows what
 * the operator allows. Throws RepairError `sandbox-unavailable` when the engine cannot see the socket.
 */
export async function openSetupNetwork(
  parts: NetworkParts,
  hosts: readonly string[] | null,
  log: BuildLog,
  signal: AbortSignal,
): Promise<SetupNetwork> {
  const { engine, egress, defaultImage, labels, logger } = parts;
  const folder = await makeWayFolder();
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const gate = await egress.open({ kind: "socket", path: join(folder, socketName) }, hosts, log.note);
    try {
      const config = forwarderContainer(defaultImage, labels, folder, gate.credential);
      const forwarder = await startForwarder(parts, config, signal);
      return {
        mode: `container:${forwarder.container.id}`,
        proxy: { host: "127.0.0.1", port: forwardPort, credential: gate.credential },
        refusals: gate.refusals,
        async close() {
          await removeContainer(engine, forwarder.container, logger);
          await gate.close();
          await removeFolder();
        },
      };
    } catch (error) {
      await gate.close();
      throw error;
    }
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function startForwarder(
  { engine, defaultImage, logger }: NetworkParts,
  config: ReturnType<typeof forwarderContainer>,
  signal: AbortSignal,
): Promise<LiveContainer> {
  const live = await startContainer(engine, config, 4096, logger).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    if (!/bind source path does not exist/.test(said)) throw error;
    throw new RepairError(
      "sandbox-unavailable",
      "The Docker engine does not see this machine's temporary folder, through which set-up steps reach the network: " +
        "it runs elsewhere, or the bot runs in a container without the engine's temporary folder at the same path.",
      { cause: error },
    );
  });
  try {
    const look = () => (live.stdoutEndsWith(ready) ? "ready" : live.isClosed() ? "closed" : null);
    const seen = await live.until(look, startMs, signal);
    if (seen === "ready") return live;
    throw new RepairError(
      "sandbox-unavailable",
      `The network of set-up steps did not start in the image ${defaultImage}, which must have python3 ` +
        `(${seen}): ${live.stderr().trim().slice(-500)}`,
    );
  } catch (error) {
    await removeContainer(engine, live.container, logger);
    throw error;
  }
}
