import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import { BuildFailure } from "../domain/environment.ts";
import type { RepairError } from "../domain/errors.ts";
import type { RepoSettings } from "../domain/settings.ts";
import { roles } from "../domain/transcript.ts";
import type { RunRecord } from "../ports/run-record.ts";
import { methodHash } from "../pipeline/provenance.ts";
import type { StageContext } from "../pipeline/stage-context.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";

/** What the run works with, before its first stage. */
export function recordSetup(
  context: StageContext,
  settings: RepoSettings,
  { plan, built, environment }: PreparedEnvironment,
): Promise<void> {
  const { profile, critiqueRounds, rankingMethod, language, checkout, isolation } = context;
  const configHash = methodHash(context);
  const where = [checkout.baseSha, isolation, environment.reference, built?.key];
  const key = sha256(canonicalJson([configHash, where]));
  return context.record.note(key, () => ({
    kind: "setup",
    baseSha: checkout.baseSha,
    language: language.id,
    settings,
    configHash,
    profile,
    critiqueRounds,
    rankingMethod,
    models: Object.fromEntries(roles.map((role) => [role, context.inference.model(role)])),
    isolation,
    environment: {
      source: environment.source,
      reference: environment.reference,
      key: built?.key ?? null,
      cached: built?.cached ?? false,
      seconds: built?.seconds ?? 0,
      log: fileName(built?.logFile ?? null),
      steps: plan.steps.map(({ name }) => name),
      unable: environment.unable,
    },
  }));
}

/** Why a run has no environment, when that is what ended it. */
export async function recordBuildFailure(record: RunRecord, error: RepairError): Promise<void> {
  const failure = BuildFailure.safeParse(error.data);
  if (error.code !== "environment-failed" || !failure.success) return;
  const { step, status, tail, logFile } = failure.data;
  await record.note(null, (keep) => ({
    kind: "environment-failed",
    step,
    status,
    tail: keep(tail),
    log: fileName(logFile),
  }));
}

const fileName = (path: string | null): string | null => path?.split("/").at(-1) ?? null;
