import { createBubblewrapSandbox } from "../adapters/bubblewrap/bubblewrap-sandbox.ts";
import { createBubblewrapEnvironments } from "../adapters/bubblewrap/environments.ts";
import { createDockerSandbox } from "../adapters/docker/docker-sandbox.ts";
import { createDockerEnvironments } from "../adapters/docker/environment/environments.ts";
import { createEgress } from "../adapters/egress/egress.ts";
import { installationId } from "../adapters/files/installation-id.ts";
import { createProcessSandbox } from "../adapters/process/process-sandbox.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../ports/logger.ts";
import type { Sandbox } from "../ports/sandbox.ts";

/** Every sandbox of this configuration with its environments, in order of preference; nothing is started. */
export function wireSandboxes(config: Config, logger: Logger): readonly Sandbox[] {
  const { sandbox, setup, dataDirectory } = config;
  const common = { instance: installationId(dataDirectory), slots: sandbox.slots, logger };
  const builds = {
    instance: installationId(setup.directory),
    directory: setup.directory,
    egress: createEgress({
      hosts: setup.hosts,
      privateHosts: setup.privateHosts,
      upstream: setup.proxy,
      logger,
    }),
    certificates: setup.caFile,
    disk: setup.disk,
    keep: setup.keep,
    logger,
  };
  const engine = { host: sandbox.dockerHost, defaultImage: sandbox.image };
  return [
    createDockerSandbox({
      ...common,
      ...engine,
      environments: createDockerEnvironments({ ...builds, ...engine, dockerfiles: setup.dockerfiles }),
    }),
    createBubblewrapSandbox({ ...common, environments: createBubblewrapEnvironments(builds) }),
    ...(sandbox.processAllowed ? [createProcessSandbox({ slots: sandbox.slots, logger })] : []),
  ];
}
