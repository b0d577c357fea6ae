import { z } from "zod";
import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import type { Provenance } from "../domain/provenance.ts";
import { roles } from "../domain/transcript.ts";
import type { StageContext } from "./stage-context.ts";

type Method = Pick<StageContext, "settings" | "profile" | "critiqueRounds" | "rankingMethod">;

/** Settings, profile and method in one hash, to tell runs that may be compared. */
export const methodHash = ({ settings, profile, critiqueRounds, rankingMethod }: Method): string =>
  sha256(canonicalJson({ settings, profile, critiqueRounds, rankingMethod }));

/** What the run rests on so far. */
export const provenanceOf = async (context: StageContext): Promise<Provenance> => ({
  settings: methodHash(context),
  prompts: context.usage.prompts(),
  weights: await weightsOf(context),
  image: context.sandbox.image ?? null,
  modelSeconds: Math.round(context.usage.milliseconds() / 1000),
});

const Weights = z.record(z.string(), z.string());

/** Asked once a run, of the servers of the models that answered. */
async function weightsOf({
  inference,
  journal,
  usage,
  signal,
}: StageContext): Promise<z.infer<typeof Weights>> {
  const models = usage.models();
  const asked = roles.filter((role) => role in models);
  if (inference.weights === undefined || asked.length === 0) return {};
  return journal.step("weights", { models }, Weights, async () => {
    const told = asked.map(async (role) => [role, (await inference.weights?.(role, signal)) ?? ""] as const);
    return Object.fromEntries((await Promise.all(told)).filter(([, weights]) => weights !== ""));
  });
}
