import { z } from "zod";
import { BlobReference } from "./blob-reference.ts";

/** What is the same for every run of this process. */
export const BotFacts = z
  .object({
    version: z.string(),
    /** Hash of the operator's configuration without its secrets. */
    configHash: z.string(),
    /** System message before every prompt. */
    systemPrompt: z.string().nullable(),
  })
  .readonly();
export type BotFacts = z.infer<typeof BotFacts>;

export const RunEventRecord = z
  .object({
    kind: z.literal("run"),
    repository: z.string(),
    issue: z.int(),
    /** The text itself is in the calls' messages. */
    issueHash: z.string(),
    what: z.string(),
    attempt: z.int(),
    installation: z.int(),
    trigger: z.object({ kind: z.string(), sender: z.string(), delivery: z.string() }).readonly(),
    bot: BotFacts,
  })
  .readonly();

/** What a run works with, known once the commit was read and its environment is there. */
export const SetupEvent = z
  .object({
    kind: z.literal("setup"),
    baseSha: z.string(),
    language: z.string(),
    /** The repository's settings as they were applied. */
    settings: z.unknown(),
    /** Settings, profile and method in one hash, to tell runs that may be compared. */
    configHash: z.string(),
    profile: z.record(z.string(), z.number()),
    critiqueRounds: z.int(),
    rankingMethod: z.string(),
    models: z.record(z.string(), z.string()),
    isolation: z.string(),
    environment: z
      .object({
        source: z.string(),
        reference: z.string().nullable(),
        /** Hash of all that it was built from; null when nothing was built. */
        key: z.string().nullable(),
        cached: z.boolean(),
        seconds: z.number(),
        /** File name of the build's log. */
        log: z.string().nullable(),
        steps: z.array(z.string()).readonly(),
        /** Why nothing could be executed. */
        unable: z.string().nullable(),
      })
      .readonly(),
  })
  .readonly();

/** The set-up failed, and with it the run. */
export const EnvironmentFailedEvent = z
  .object({
    kind: z.literal("environment-failed"),
    step: z.string(),
    status: z.string(),
    tail: BlobReference,
    log: z.string().nullable(),
  })
  .readonly();

/** The state in which the run was about to end; after a crash at that moment there may be two, and the last counts. */
export const EndedEvent = z
  .object({
    kind: z.literal("ended"),
    state: z.looseObject({ at: z.string() }).readonly(),
    tokens: z.int().nullable(),
  })
  .readonly();
