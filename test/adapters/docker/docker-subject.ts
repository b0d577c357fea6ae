import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  createDockerSandbox,
  type DockerSandboxOptions,
} from "../../../src/adapters/docker/docker-sandbox.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

export const image = process.env["COPATCHER_TEST_IMAGE"] ?? "copatcher-sandbox:test";
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const usable = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;

/** For `describe.skipIf`; with COPATCHER_REQUIRE_ALL=1 tests fail instead. */
export const noEngine = !usable && !required;
export const needsEngine = `(needs an engine with ${image}: .ci/docker-up.sh, .ci/sandbox-image.sh)`;

/** Output lines of the docker command. */
export const lines = (...words: string[]): string[] =>
  execFileSync("docker", words, { encoding: "utf8" }).split("\n").filter(Boolean);

export const labelled = (instance: string): string[] => [
  ...lines("ps", "-aq", "--filter", `label=copatcher.instance=${instance}`),
  ...lines("volume", "ls", "-q", "--filter", `label=copatcher.instance=${instance}`),
];

/** Kills every container of the installation, the oldest first, as the end of an engine does. */
export function killContainers(instance: string): void {
  for (const id of lines("ps", "-q", "--filter", `label=copatcher.instance=${instance}`).toReversed()) {
    // one may end by itself meanwhile
    spawnSync("docker", ["kill", id], { stdio: "ignore" });
  }
}

/** Identity of a process of this machine that had this one's number and has ended. */
export const endedProcess = identityOf(process.pid).replace(/-\d+-/, "-1-");

type Wishes = Pick<DockerSandboxOptions, "slots"> & Partial<DockerSandboxOptions>;

/** A sandbox of an installation of its own. */
export function make({ instance = `test-${randomUUID()}`, ...wishes }: Wishes) {
  const logger = createSilentLogger();
  const sandbox = createDockerSandbox({ defaultImage: image, instance, logger, ...wishes });
  return { sandbox, instance, leftovers: () => labelled(instance) };
}
