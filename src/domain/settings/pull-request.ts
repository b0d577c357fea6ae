import { z } from "zod";
import { refuseBranchName } from "../branch-name.ts";
import { login } from "./login.ts";

const placeholder = /\{(\w{0,40})\}/g;

const unknownPlaceholder = (template: string, known: readonly string[]): string | null => {
  const unknown = [...template.matchAll(placeholder)].find(([, name = ""]) => !known.includes(name));
  return unknown === undefined
    ? null
    : `has ${unknown[0]}; known are ${known.map((name) => `{${name}}`).join(", ")}`;
};

/** A template with its placeholders' values in their places. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(placeholder, (whole, name: string) => values[name] ?? whole);

const titleTemplate = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .superRefine((template, check) => {
    const unknown = unknownPlaceholder(template, ["title", "number"]);
    if (unknown !== null) check.addIssue({ code: "custom", message: unknown });
  });

const branchTemplate = z
  .string()
  .max(100)
  .superRefine((template, check) => {
    const why =
      unknownPlaceholder(template, ["number", "slug"]) ??
      (template.includes("{number}") ? null : "needs {number}, so that each issue has a branch of its own") ??
      refuseBranchName(filled(template, { number: "1", slug: "slug" }));
    if (why !== null) check.addIssue({ code: "custom", message: why });
  });

export const PullRequestSettings = z.strictObject({
  mode: z
    .enum(["auto", "draft", "ready", "never"])
    .default("auto")
    .describe(
      "auto: ready when validated, else a draft; draft: always; ready: always, but for `paths.sensitive`; never: the patch is shown in a comment",
    ),
  if_other_pr: z
    .enum(["stop", "draft", "ignore"])
    .default("stop")
    .describe(
      "While somebody else's open pull request says that it is about the issue: stop (no run begins, no pull request is opened), draft, or ignore",
    ),
  title: titleTemplate
    .default("fix: {title}")
    .describe("Its title, and the first line of its commit; {title} and {number} are the issue's"),
  link: z
    .enum(["auto", "fixes", "refs"])
    .default("auto")
    .describe(
      "How it names the issue. auto: Fixes, which closes it, when validated, else Refs; fixes or refs: always",
    ),
  reviewers: z
    .array(login)
    .max(15)
    .default(["requester"])
    .describe("Who is asked for a review: requester (who asked for the run), or logins"),
  labels: z
    .array(z.string().trim().min(1).max(50))
    .max(20)
    .default([])
    .describe("Labels that it gets; missing ones are made"),
  evidence: z
    .enum(["full", "short"])
    .default("full")
    .describe(
      "full: below the verdict the scripts, suspected places and other candidates stand folded; short: without these, which mails show unfolded",
    ),
  template: z
    .enum(["append", "ignore"])
    .default("append")
    .describe("append: the repository's pull request template stands above the evidence"),
});
export type PullRequestSettings = z.output<typeof PullRequestSettings>;

const branchName = z.string().superRefine((name, check) => {
  const why = refuseBranchName(name);
  if (why !== null) check.addIssue({ code: "custom", message: why });
});

export const BranchSettings = z.strictObject({
  base: branchName
    .nullable()
    .default(null)
    .describe(
      "Branch that runs work on and pull requests are for, where no `base=` says another; null: the default branch",
    ),
  name: branchTemplate
    .default("copatcher/issue-{number}")
    .describe(
      "Name of the bot's branches; {number} is the issue's, {slug} its title in small letters (a changed title then makes another branch)",
    ),
});
