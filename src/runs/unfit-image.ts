import type { EnvironmentPlan } from "../domain/environment.ts";
import { RepairError } from "../domain/errors.ts";

/** What the sandbox's driver, the engine and the kernel say of an image in which nothing can run. */
const said = /the sandbox image lacks[^:]*|"?\bsh"?: executable file not found[^:]*|exec format error/i;

/**
 * A failure to run anything in the image that the repository chose, as its own `environment-failed`: trying again would
 * not help. Other errors come back as they are.
 */
export function asUnfitImage(error: unknown, { base, source }: EnvironmentPlan): unknown {
  if (!(error instanceof RepairError) || error.code !== "sandbox-failed") return error;
  const [reason] = said.exec(error.message) ?? [];
  if (reason === undefined || (base.kind === "image" && base.image === null)) return error;
  const image = base.kind === "image" ? `The image ${base.image}` : `The image of ${base.path}`;
  const needs =
    "It must have sh, tar, setpriv, timeout and coreutils, and be built for this machine's processor.";
  return new RepairError(
    "environment-failed",
    `${image}, which ${source} asks for, cannot run commands here: ${reason.trim()}. ${needs}`,
    { cause: error },
  );
}
