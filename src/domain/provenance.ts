import { z } from "zod";
import { canonicalJson, sha256 } from "./canonical-json.ts";

const byName = z.record(z.string(), z.string()).readonly();

/** What a result rests on, besides its models and its sandbox; hashes are sha256 in hexadecimal. */
export const Provenance = z
  .object({
    /** The settings as they held, with profile and method in one hash: the record's `configHash`. */
    settings: z.string(),
    /** Hashes of the prompt files that answers were asked for with, by prompt. */
    prompts: byName,
    /** The weights behind the models, by role, as their servers name them; of those that do not tell there is none. */
    weights: byName,
    /** Content hash of the image that commands ran in; null where the sandbox has none. */
    image: z.string().nullable(),
    /** Sum of what each answer took, its wait at the server included; answers that were called off are not in it. */
    modelSeconds: z.number(),
  })
  .readonly();
export type Provenance = z.infer<typeof Provenance>;

export const noProvenance: Provenance = {
  settings: "",
  prompts: {},
  weights: {},
  image: null,
  modelSeconds: 0,
};

/** All the prompts in one hash. */
export const promptsHash = ({ prompts }: Pick<Provenance, "prompts">): string =>
  sha256(canonicalJson(prompts));
