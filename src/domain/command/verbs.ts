import { z } from "zod";
import { checkRepoPath } from "../repo-path.ts";

/** What `permissions` in the settings names: a right covers several verbs (peers.md, section 4.1). */
export type Right = "fix" | "plan" | "cancel" | "status";

const branch = z
  .string()
  .max(200)
  .regex(
    /^(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[A-Za-z0-9_][A-Za-z0-9_./+-]*(?<![./])$/,
    "is no name of a branch",
  );

const path = z.string().superRefine((value, check) => {
  const checked = checkRepoPath(value.replace(/\/$/, ""));
  if (!checked.ok)
    check.addIssue({ code: "custom", message: `is no path of the repository: ${checked.why}` });
});

const flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((text) => text === "true");

export type VerbRule = {
  /** Where it may be said. */
  readonly on: "issues" | "pull requests" | "both";
  readonly right: Right;
  readonly options: z.ZodObject;
  readonly summary: string;
  readonly example: string;
};

const none = z.strictObject({});

/** Every command, in the order in which people read about them. */
export const verbs = {
  fix: {
    on: "issues",
    right: "fix",
    options: z.strictObject({
      base: branch.exactOptional(),
      path: path.exactOptional(),
      force: flag.exactOptional(),
    }),
    summary:
      "starts a run, as the label does; `base=` names another branch, `path=` keeps it to a folder or file, `force=true` starts although somebody's pull request is open for the issue; text below is a hint",
    example: "/copatcher fix path=src/parser",
  },
  retry: {
    on: "both",
    right: "fix",
    options: z.strictObject({
      from: z.enum(["generate", "validate"], { error: "must be generate or validate" }).exactOptional(),
    }),
    summary:
      "starts a new attempt; `from=validate` keeps what the models wrote and judges it anew; text below is a hint",
    example: "/copatcher retry from=validate",
  },
  revise: {
    on: "pull requests",
    right: "fix",
    options: none,
    summary:
      "answers the open review threads of a pull request of Copatcher with one more commit; text below counts too",
    example: "/copatcher revise",
  },
  cancel: {
    on: "both",
    right: "cancel",
    options: none,
    summary: "ends the run now",
    example: "/copatcher cancel",
  },
  stop: {
    on: "both",
    right: "cancel",
    options: none,
    summary: "lets the run finish with the best it has so far",
    example: "/copatcher stop",
  },
  plan: {
    on: "issues",
    right: "plan",
    options: z.strictObject({ base: branch.exactOptional(), path: path.exactOptional() }),
    summary: "says where the fault seems to be and what would be changed; no code is pushed",
    example: "/copatcher plan",
  },
  repro: {
    on: "issues",
    right: "plan",
    options: z.strictObject({ base: branch.exactOptional() }),
    summary: "only tries to reproduce the issue, and shows the script",
    example: "/copatcher repro",
  },
  validate: {
    on: "pull requests",
    right: "fix",
    options: none,
    summary: "runs reproduction scripts and tests on somebody's pull request of this repository",
    example: "/copatcher validate",
  },
  "add-test": {
    on: "pull requests",
    right: "fix",
    options: none,
    summary:
      "turns the script that reproduced the issue into a test of the repository's own kind, and adds it to a pull request of Copatcher as one commit; text below is a hint",
    example: "/copatcher add-test",
  },
  status: {
    on: "both",
    right: "status",
    options: none,
    summary: "shows the runs of this issue and where they are",
    example: "/copatcher status",
  },
  config: {
    on: "both",
    right: "status",
    options: none,
    summary: "shows the settings that hold here, each with who says it",
    example: "/copatcher config",
  },
  "env check": {
    on: "issues",
    right: "plan",
    options: z.strictObject({ path: path.exactOptional() }),
    summary:
      "builds the environment that runs have, and runs the tests once; `path=` names a file or folder of the project whose environment it is",
    example: "/copatcher env check",
  },
  good: {
    on: "pull requests",
    right: "status",
    options: none,
    summary: "says that a pull request of Copatcher was useful; text below says why",
    example: "/copatcher good",
  },
  bad: {
    on: "pull requests",
    right: "status",
    options: none,
    summary: "says that a pull request of Copatcher was not useful; text below says why",
    example: "/copatcher bad",
  },
  help: {
    on: "both",
    right: "status",
    options: none,
    summary: "shows this",
    example: "/copatcher help",
  },
} as const satisfies Record<string, VerbRule>;

export type Verb = keyof typeof verbs;
export type OptionsOf<V extends Verb> = z.output<(typeof verbs)[V]["options"]>;
