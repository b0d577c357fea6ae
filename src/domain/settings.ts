import { z } from "zod";
import { refuseImageName } from "./image-name.ts";
import { checkRepoPath } from "./repo-path.ts";

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

const EnvironmentSettings = z
  .strictObject({
    /** Image that has everything; with `setup` the commands run in it. */
    image: imageName.nullable().default(null),
    /** Dockerfile of the repository; its context is the repository's root. */
    dockerfile: repoFile.nullable().default(null),
    /** A devcontainer.json elsewhere than at its usual places; false leaves those at the usual places alone. */
    devcontainer: z
      .union([z.literal(false), repoFile])
      .nullable()
      .default(null),
    /** Null: found by Copatcher; an empty list: nothing is installed. */
    setup: z.array(shell).max(50).nullable().default(null),
    /** Shell before every later command, after whatever the set-up itself wants there. */
    activate: shell.nullable().default(null),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  })
  .superRefine((environment, check) => {
    const bases = (["image", "dockerfile", "devcontainer"] as const).filter((key) => environment[key]);
    if (bases.length > 1)
      check.addIssue({ code: "custom", message: `${bases.join(" and ")} exclude each other` });
  });

/** Where a repository keeps its settings; read from the default branch only, never from a pull request. */
export const settingsPath = ".github/copatcher.yml";

/** The per-repository file `.github/copatcher.yml`; an empty file is valid, unknown keys are an error. */
export const RepoSettings = z
  .strictObject({
    version: z.literal(1).default(1),
    profile: z.enum(["paper", "quick"]).nullable().default(null),
    critique: z.boolean().nullable().default(null),
    environment: EnvironmentSettings.prefault({}),
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
