import { z } from "zod";
import { refuseImageName } from "./image-name.ts";
import { checkRepoPath } from "./repo-path.ts";
import { PermissionSettings } from "./settings/permissions.ts";

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
/** Null leaves it to the operator. */
const fewer = (max: number) => z.int().min(1).max(max).nullable().default(null);

/** A path of the repository as `git ls-files` prints it; whether it is there is checked when it is used. */
const repoFile = z.string().superRefine((path, check) => {
  const checked = checkRepoPath(path);
  if (!checked.ok)
    check.addIssue({ code: "custom", message: `is no path of the repository: ${checked.why}` });
});

const imageName = z.string().superRefine((name, check) => {
  const refusal = refuseImageName(name);
  if (refusal !== null) check.addIssue({ code: "custom", message: refusal });
});

const shell = z.string().trim().min(1).max(10_000);
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name that a shell takes for a variable");

/** Of the environment's keys, those that name what it begins with: a layer that says one takes back the others. */
export const environmentBases = ["image", "dockerfile", "devcontainer"] as const;

const EnvironmentSettings = z
  .strictObject({
    image: imageName
      .nullable()
      .default(null)
      .describe("Image on the bot's Docker engine that has everything; with `setup` the commands run in it"),
    dockerfile: repoFile
      .nullable()
      .default(null)
      .describe("Dockerfile of the repository, with the repository's root as its context"),
    devcontainer: z
      .union([z.literal(false), repoFile], { error: "must be false or a path of the repository" })
      .nullable()
      .default(null)
      .describe("A devcontainer.json elsewhere than at its usual places; false leaves those there alone"),
    setup: z
      .array(shell)
      .max(50)
      .nullable()
      .default(null)
      .describe(
        "Shell commands that run once with network; null: found by Copatcher, an empty list: nothing is installed",
      ),
    activate: shell
      .nullable()
      .default(null)
      .describe("Shell before every later command, after whatever the set-up itself wants there"),
    env: z
      .record(variableName, z.string())
      .default({})
      .describe("Variables of every command, by name; layers add up"),
    timeout_minutes: fewer(240).describe("How long one command of the set-up may take"),
  })
  .superRefine((environment, check) => {
    const bases = environmentBases.filter((key) => environment[key]);
    if (bases.length > 1)
      check.addIssue({ code: "custom", message: `${bases.join(" and ")} exclude each other` });
  });

/** Where a repository keeps its settings; read from the default branch only, never from a pull request. */
export const settingsPath = ".github/copatcher.yml";
/** Where they are looked for when `settingsPath` is not there. */
export const otherSettingsPath = ".copatcher.yml";

/** A settings file: of one repository, or of its owner for all. An empty one is valid. */
export const RepoSettings = z
  .strictObject({
    version: z.literal(1).default(1).describe("Version of this file's form"),
    enabled: z.boolean().default(true).describe("false: requests are answered, but no run begins"),
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
        label: z.boolean().default(true).describe("Whether the label `copatcher` starts a run"),
        commands: z.boolean().default(true).describe("Whether comments may start and steer runs"),
        review_followup: z
          .boolean()
          .default(true)
          .describe("Whether a review that asks for changes starts a revision"),
      })
      .prefault({})
      .describe("What starts a run"),
    permissions: PermissionSettings.prefault({}).describe("Who may start and steer runs"),
    environment: EnvironmentSettings.prefault({}).describe(
      "What the commands run in; without it the repository's devcontainer, then its manifests",
    ),
    tests: z
      .strictObject({
        command: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe("Shell command that runs the tests; null: found by Copatcher"),
        max_files: z.int().min(1).max(500).default(10).describe("How many test files near the fault are run"),
        timeout_minutes: minutes.default(10).describe("How long one run of the tests may take"),
      })
      .prefault({})
      .describe("The repository's own tests"),
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
      })
      .prefault({})
      .describe("How much evidence is gathered"),
    limits: z
      .strictObject({
        minutes: fewer(10_080).describe("Minutes after which a run finishes with the best it has"),
        tokens: fewer(10_000_000).describe("Tokens of all answers of one run, reasoning included"),
        runs_per_day: fewer(100_000).describe("Runs of the repository within 24 hours"),
        tokens_per_day: fewer(999_999_999_999).describe(
          "Tokens, prompts and answers, that the repository's runs use within 24 hours",
        ),
        open_prs: fewer(10_000).describe("Pull requests of the bot that are open in the repository"),
      })
      .prefault({})
      .describe("Limits below the operator's; more than the operator allows is lowered to that, and said"),
    pr: z
      .strictObject({
        mode: z
          .enum(["auto", "draft", "ready", "never"])
          .default("auto")
          .describe(
            "auto: ready when validated, else a draft; draft or ready: always; never: the patch is shown in a comment",
          ),
        if_other_pr: z
          .enum(["stop", "draft", "ignore"])
          .default("stop")
          .describe(
            "While somebody else's open pull request says that it is about the issue: stop (no run begins, no pull request is opened), draft, or ignore",
          ),
      })
      .prefault({})
      .describe("The pull request"),
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
