import type { ContainerCreateOptions } from "dockerode";
import { layout } from "../../../driver/sandbox-layout.ts";
import type { Labels } from "../container-config.ts";
import { seccompProfile } from "../seccomp-profile.ts";

const mb = 2 ** 20;

export type SetupContainer = {
  readonly image: string;
  readonly labels: Labels;
  /** The engine's mode: "none", or `container:` with the one whose network it joins. */
  readonly network: string;
  readonly memoryMb: number;
  /** After this time it ends by itself, whatever became of us. */
  readonly lifeSeconds: number;
};

/**
 * The container in which set-up steps run as root: package managers need to own, to give away and to become other
 * users, and nothing more. It is committed, so its variables hold nothing; the steps bring their own.
 */
export function setupContainer(setup: SetupContainer): ContainerCreateOptions {
  const memory = setup.memoryMb * mb;
  // without a resolver names fail at once; only the proxy looks them up
  const idle = `: >/etc/resolv.conf; exec sleep ${Math.ceil(setup.lifeSeconds)}`;
  return {
    Image: setup.image,
    Labels: { ...setup.labels },
    Entrypoint: [],
    Healthcheck: { Test: ["NONE"] },
    Cmd: ["sh", "-c", idle],
    User: "0:0",
    WorkingDir: "/",
    HostConfig: {
      NetworkMode: setup.network,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"],
      SecurityOpt: ["no-new-privileges", `seccomp=${seccompProfile}`],
      Init: true,
      IpcMode: "private",
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: 1024,
      CpuPeriod: 100_000,
      CpuQuota: 200_000,
      OomScoreAdj: 500,
      Ulimits: [
        { Name: "nofile", Soft: 8192, Hard: 8192 },
        { Name: "core", Soft: 0, Hard: 0 },
      ],
      LogConfig: { Type: "none", Config: {} },
    },
  };
}

/** What of it must not be kept, and what sandbox users must be able to read. */
export const finishScript = `set -e
cd /
rm -rf ${layout.tree} ${layout.control}
mkdir -p ${layout.tree}
find ${layout.temporary} -mindepth 1 -xdev -delete
chmod -R a+rX,go-w ${layout.environment}`;
