import { z } from "zod";
import { ContextSettings } from "./settings/context.ts";
import { EnvironmentSettings, fewer, TestSettings } from "./settings/environment.ts";
import { LabelSettings, TriggerLabel } from "./settings/labels.ts";
import { sensitiveByDefault } from "./sensitive-files.ts";
import { NetworkSettings } from "./settings/network.ts";
import { PermissionSettings } from "./settings/permissions.ts";
import { ProjectSettings } from "./settings/projects.ts";
import { BranchSettings, PullRequestSettings } from "./settings/pull-request.ts";

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

/** Where a repository keeps its settings; read from the default branch only, never from a pull request. */
export const settingsPath = ".github/copatcher.yml";
/** Where they are looked for when `settingsPath` is not there. */
export const otherSettingsPath = ".copatcher.yml";

/** A settings file: of one repository, or of its owner for all. An empty one is valid. */
export const RepoSettings = z
  .strictObject({
    version: z.literal(1).default(1).describe("Version of this file's form"),
    enabled: z.boolean().default(true).describe("false: requests are answered, but no run begins"),
    dry_run: z
      .boolean()
      .default(false)
      .describe("true: comments and checks only; no branch is written, and the patch is shown in a comment"),
    profile: z
      .enum(["paper", "quick"])
      .nullable()
      .default(null)
      .describe("How much is sampled: paper (5 locations, 60 patches) or quick (3, 20)"),
    critique: z
      .boolean()
      .nullable()
      .default(null)
      .describe("Whether the model criticises and refines each distinct patch once"),
    newer_request: z
      .enum(["refuse", "supersede"])
      .nullable()
      .default(null)
      .describe("What a request does while its issue has a run: refuse itself, or supersede that run"),
    trigger: z
      .strictObject({
        label: TriggerLabel,
        commands: z.boolean().default(true).describe("Whether comments may start and steer runs"),
        review_followup: z
          .boolean()
          .default(true)
          .describe("Whether a review that asks for changes starts a revision"),
      })
      .prefault({})
      .describe("What starts a run"),
    labels: LabelSettings.prefault({}).describe("Names of the labels that show where an issue's run is"),
    permissions: PermissionSettings.prefault({}).describe("Who may start and steer runs"),
    context: ContextSettings.prefault({}).describe(
      "What the models see beside the issue's title and text; never what was written or changed after the request",
    ),
    environment: EnvironmentSettings.prefault({}).describe(
      "What the commands run in; without it the repository's devcontainer, then its manifests",
    ),
    network: NetworkSettings.prefault({}).describe(
      "What the set-up may reach; commands of a run reach nothing, whatever is said",
    ),
    tests: TestSettings.prefault({}).describe("The repository's own tests"),
    projects: z
      .array(ProjectSettings)
      .max(50)
      .default([])
      .describe(
        "Parts of the repository with their own `environment` and `tests`, which go over those here: of the part that `path=` names, else of the only one whose files the issue names, or the pull request changes. One without an `environment` is set up from the manifests in its folder, unless those at the root take it in",
      ),
    paths: z
      .strictObject({
        allow: z
          .array(z.string().min(1).max(1000))
          .min(1)
          .max(100)
          .default(["**"])
          .describe("Patterns of files that a patch may touch"),
        protect: z
          .array(z.string().min(1).max(1000))
          .default([])
          .describe(
            "Patterns of files that no patch may touch, besides CI, lock files, test configuration and settings; layers add up",
          ),
        sensitive: z
          .array(z.string().min(1).max(1000))
          .max(100)
          .default([...sensitiveByDefault])
          .describe(
            "Patterns of files that decide how the project is built or what is installed: a patch that touches one is a draft and says so, whatever its evidence",
          ),
        max_files: z.int().min(1).max(100).default(8).describe("How many files a patch may change"),
        max_lines: z.int().min(1).max(10_000).default(400).describe("How many lines a patch may change"),
      })
      .prefault({})
      .describe("What a patch may touch"),
    validation: z
      .strictObject({
        candidates: fewer(200).describe("How many patches are sampled; null: as `profile` says"),
        poc: z
          .strictObject({
            assert: z
              .int()
              .min(0)
              .max(10)
              .nullable()
              .default(null)
              .describe("How many reproduction scripts that assert"),
            no_assert: z
              .int()
              .min(0)
              .max(10)
              .nullable()
              .default(null)
              .describe("How many reproduction scripts that only print"),
          })
          .prefault({})
          .describe("Reproduction scripts; null: as `profile` says"),
        require_repro: z
          .boolean()
          .default(false)
          .describe(
            "true: no pull request unless a script fails on the base commit and passes with the patch",
          ),
      })
      .prefault({})
      .describe("How much evidence is gathered"),
    limits: z
      .strictObject({
        concurrent_runs: fewer(1_000).describe(
          "Runs of the repository, of every kind, that work at the same time; further ones wait in the queue",
        ),
        minutes: fewer(10_080).describe("Minutes after which a run finishes with the best it has"),
        tokens: fewer(10_000_000).describe("Tokens of all answers of one run, reasoning included"),
        runs_per_issue: fewer(1_000).describe("Runs of one issue in all; null: as many as people ask for"),
        runs_per_day: fewer(100_000).describe("Runs of the repository within 24 hours"),
        tokens_per_day: fewer(999_999_999_999).describe(
          "Tokens, prompts and answers, that the repository's runs use within 24 hours",
        ),
        open_prs: fewer(10_000).describe(
          "Pull requests of the bot that are open in the repository; runs that update one of them go on",
        ),
      })
      .prefault({})
      .describe("Limits below the operator's; more than the operator allows is lowered to that, and said"),
    pr: PullRequestSettings.prefault({}).describe("The pull request"),
    branch: BranchSettings.prefault({}).describe("The branch that it comes from"),
  })
  .readonly();
export type RepoSettings = z.infer<typeof RepoSettings>;

/** What one layer says: any part of the settings. */
export type SettingsValues = z.input<typeof RepoSettings>;

export const defaultSettings: RepoSettings = RepoSettings.parse({});

/** The samples of a run: those of its profile, as far as the settings do not say their own. */
export function profileOf({ profile, validation }: RepoSettings, operators: Profile): Profile {
  const base = profile === null ? operators : profiles[profile];
  return {
    ...base,
    candidates: validation.candidates ?? base.candidates,
    assertingPocs: validation.poc.assert ?? base.assertingPocs,
    printingPocs: validation.poc.no_assert ?? base.printingPocs,
  };
}
