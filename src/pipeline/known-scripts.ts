import type { FailedPoc, Poc, PocKind } from "../domain/poc.ts";
import { tryScript } from "./reproduce.ts";
import type { StageContext } from "./stage-context.ts";

/** A script that an earlier run confirmed. */
export type KnownScript = { readonly id: string; readonly kind: PocKind; readonly source: string };

/** The scripts as this commit ends them: each has to show the issue again, here and now, by the rules for new ones. */
export const tryKnownScripts = (
  context: StageContext,
  scripts: readonly KnownScript[],
): readonly Promise<Poc | FailedPoc>[] =>
  scripts.map(async (script) => {
    const { id, kind, source } = script;
    const tried = await tryScript(context, script, "known");
    if (tried.kind === "retry") return { id, kind, attempts: 1, reason: tried.reason };
    const { outcome: baseline, reachedEnd } = tried;
    return { id, kind, source, baseline, reachedEnd, attempts: 1, sourceSample: "an earlier run" };
  });
