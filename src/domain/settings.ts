import { z } from "zod";

/** How many samples each step takes. */
export const Profile = z
  .object({
    localizationSamples: z.int().min(1).max(20),
    topFiles: z.int().min(1).max(20),
    candidates: z.int().min(1).max(200),
    assertingPocs: z.int().min(0).max(10),
    printingPocs: z.int().min(0).max(10),
    pocAttempts: z.int().min(1).max(10),
  })
  .readonly();
export type Profile = z.infer<typeof Profile>;

/** `paper` is section 4.1 of arXiv 2505.18955; `quick` is what the released README runs. */
export const profiles = {
  paper: {
    localizationSamples: 5,
    topFiles: 5,
    candidates: 60,
    assertingPocs: 2,
    printingPocs: 2,
    pocAttempts: 4,
  },
  quick: {
    localizationSamples: 3,
    topFiles: 5,
    candidates: 20,
    assertingPocs: 2,
    printingPocs: 2,
    pocAttempts: 4,
  },
} as const satisfies Record<string, Profile>;

const minutes = z.number().positive().max(240);

/** The per-repository file `.github/copatcher.yml`; an empty file is valid, unknown keys are an error. */
export const RepoSettings = z
  .strictObject({
    version: z.literal(1).default(1),
    profile: z.enum(["paper", "quick"]).nullable().default(null),
    critique: z.boolean().nullable().default(null),
    environment: z
      .strictObject({
        image: z.string().min(1).nullable().default(null),
        env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
      })
      .prefault({}),
    tests: z
      .strictObject({
        command: z.string().min(1).nullable().default(null),
        max_files: z.int().min(1).max(500).default(10),
        timeout_minutes: minutes.default(10),
      })
      .prefault({}),
    paths: z
      .strictObject({
        protect: z.array(z.string().min(1)).default([]),
        max_files: z.int().min(1).max(100).default(8),
        max_lines: z.int().min(1).max(10_000).default(400),
      })
      .prefault({}),
    pr: z
      .strictObject({
        mode: z.enum(["auto", "draft", "never"]).default("auto"),
      })
      .prefault({}),
  })
  .readonly();
export type RepoSettings = z.infer<typeof RepoSettings>;

export const defaultSettings: RepoSettings = RepoSettings.parse({});
