import { promptsHash, type Provenance } from "../domain/provenance.ts";
import type { Usage } from "../domain/transcript.ts";
import { duration } from "./phrases.ts";

/** What a provenance is told of: part of the evidence, or of a stored report. */
export type Made = {
  readonly models: Readonly<Record<string, string>>;
  readonly usage: Usage;
  readonly provenance?: Provenance;
};

/** Each a name and what is said of it, as plain text that may hold what servers say. */
export type Fact = readonly [name: string, said: string];

/** Characters: enough to tell two apart, and a beginning of what record and report have whole. */
const shownHash = 16;

/** With which models and weights something was made, by what means, and what it cost. */
export function provenanceFacts({ models, usage, provenance }: Made): readonly Fact[] {
  const tokens = `${usage.prompt} in, ${usage.completion} out${usage.estimated ? " (estimated)" : ""}`;
  const named = (weights: Readonly<Record<string, string>>): string =>
    Object.entries(models)
      .map(
        ([role, model]) =>
          `${role}: ${model}${Object.hasOwn(weights, role) ? ` (weights ${weights[role]})` : ""}`,
      )
      .join(", ");
  if (provenance === undefined)
    return [
      ["Models", named({})],
      ["Tokens", tokens],
    ];
  const { settings, image, weights, modelSeconds } = provenance;
  return [
    ["Models", named(weights)],
    ["Settings, as sha256", settings.slice(0, shownHash)],
    ["Prompts, as sha256", promptsHash(provenance).slice(0, shownHash)],
    ...(image === null ? [] : [["Image", image] as const]),
    ["Tokens", tokens],
    ["Model time", `${duration(modelSeconds)}, the sum of what each answer took`],
  ];
}
