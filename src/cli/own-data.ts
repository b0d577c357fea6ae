import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { RepairError } from "../domain/errors.ts";

/** Where the environments of commands are kept, so that the next command finds them. */
const environments = "commands";

/**
 * Does `work` with a data directory of this process alone, below the configured one, and removes it afterwards: a bot
 * that runs beside a command must neither share its mirrors nor clear its containers away. Only environments stay.
 */
export async function withOwnData<T>(config: Config, work: (own: Config) => Promise<T>): Promise<T> {
  const directory = await makeDirectory(config.dataDirectory);
  try {
    const setup = { ...config.setup, directory: join(config.dataDirectory, environments) };
    return await work({ ...config, dataDirectory: directory, setup });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function makeDirectory(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, "command-"));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RepairError("store-unavailable", `${parent} cannot be used: ${detail}`, { cause: error });
  }
}
