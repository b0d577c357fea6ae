import { RepairError } from "./domain/errors.ts";
import type { Logger } from "./ports/logger.ts";
import type { Sandbox } from "./ports/sandbox.ts";

export type SandboxChoice = Sandbox["kind"] | "auto";

export type SandboxWish = {
  readonly choice: SandboxChoice;
  /** The image that will be asked for; null means each sandbox's default. */
  readonly image: string | null;
  /** The code that runs is our own (the demo's sample), so a plain process will do where nothing isolates. */
  readonly trusted: boolean;
};

/**
 * The sandbox that is named, or for `auto` the first that works: Docker, then bubblewrap, then, for trusted code only, a
 * plain process. A named one is taken as it is: what it lacks may be there by the time of a run, and opening it says
 * exactly what is missing. Throws `sandbox-unavailable` with what each one said.
 */
export async function chooseSandbox(
  sandboxes: readonly Sandbox[],
  wish: SandboxWish,
  logger: Logger,
): Promise<Sandbox> {
  const refusals: string[] = [];
  const wanted = sandboxes.filter(({ kind }) =>
    wish.choice === "auto" ? kind !== "process" || wish.trusted : kind === wish.choice,
  );
  for (const sandbox of wanted) {
    const check = await sandbox.check(wish.image);
    if (check.ok || wish.choice !== "auto") {
      const data = { sandbox: sandbox.kind, detail: check.detail, refusals };
      if (check.ok) logger.info(data, "sandbox chosen");
      else logger.warn(data, "the chosen sandbox does not work now; runs will fail until it does");
      return sandbox;
    }
    refusals.push(`${sandbox.kind}: ${check.detail}`);
  }
  throw new RepairError("sandbox-unavailable", refusals.join("; "));
}
