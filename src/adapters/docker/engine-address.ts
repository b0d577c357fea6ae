import type { DockerOptions } from "dockerode";
import { RepairError } from "../../domain/errors.ts";

export type Address = { readonly socketPath?: string; readonly host?: string | null };

/** Where the engine listens. Throws RepairError `config-invalid` for an address it does not understand. */
export function engineAddress({ socketPath, host }: Address): DockerOptions {
  if (host === undefined || host === null) return { socketPath: socketPath ?? "/var/run/docker.sock" };
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = URL.canParse(host) ? new URL(host) : null;
  if (url === null || !["tcp:", "http:", "https:"].includes(url.protocol)) {
    throw new RepairError(
      "config-invalid",
      `DOCKER_HOST is ${host}, which is no unix, tcp, http or https address.`,
    );
  }
  const secure = url.protocol === "https:";
  return {
    // an IPv6 address has brackets in a URL only
    host: url.hostname.replaceAll(/[[\]]/g, ""),
    port: url.port || (secure ? "2376" : "2375"),
    protocol: secure ? "https" : "http",
  };
}
