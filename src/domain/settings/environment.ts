import { z } from "zod";
import { refuseImageName } from "../image-name.ts";
import { checkRepoPath } from "../repo-path.ts";
import { TargetedTests } from "./targeted.ts";

const minutes = z.number().positive().max(240);
/** Null leaves it to the operator. */
export const fewer = (max: number) => z.int().min(1).max(max).nullable().default(null);

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

export const EnvironmentSettings = z
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
    cache_key_files: z
      .array(z.string().min(1).max(200))
      .max(10)
      .default([])
      .describe(
        "Patterns of files, besides the manifests and what the commands name, from which the set-up makes something (sources that it compiles): a change of one makes another environment, and for a patch of one the set-up is repeated, without network",
      ),
    timeout_minutes: fewer(240).describe("How long one command of the set-up may take"),
  })
  .superRefine((environment, check) => {
    const bases = environmentBases.filter((key) => environment[key]);
    if (bases.length > 1)
      check.addIssue({ code: "custom", message: `${bases.join(" and ")} exclude each other` });
  });

export const TestSettings = z.strictObject({
  command: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "Shell command that runs the tests, of several lines up to the first that fails; null: found by Copatcher",
    ),
  targeted: TargetedTests.nullable()
    .default(null)
    .describe(
      "Shell command that runs only test files near the fault, which Copatcher puts in the place of {files}, such as `pytest {files}`; it goes before `command`, except where no test file is found",
    ),
  max_files: z.int().min(1).max(500).default(10).describe("How many test files near the fault are run"),
  timeout_minutes: minutes.default(10).describe("How long one run of the tests may take"),
  flaky_retries: z
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe(
      "How often the tests are repeated with a patch that makes some fail: only one that fails each time counts as broken. A run that breaks off or cannot be trusted is repeated once at most",
    ),
});
