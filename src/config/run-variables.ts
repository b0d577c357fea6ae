import type { z } from "zod";
import type { Limits } from "../domain/limits.ts";
import { oneOf, shown, whole } from "./variable-schema.ts";

/** How runs are begun, limited and handed over. */
export type RunsConfig = {
  /** What this process does: everything, only webhooks, or only runs. */
  readonly process: "all" | "web" | "worker";
  /** At work at the same time in this process. */
  readonly atOnce: number;
  readonly newer: "refuse" | "supersede";
  readonly limits: Limits;
  /** Of one run. */
  readonly minutes: number;
  readonly leaseMs: number;
  readonly drainMs: number;
};

/** More than GitHub is given for a change (adapters/github/send.ts) and what a write may be late. */
export const leastLeaseSeconds = 15;

const orNone = (meaning: string) => `${meaning}; 0 is no limit`;

export const runVariables = {
  COPATCHER_PROCESS: shown(oneOf("all", "web", "worker").prefault("all"), {
    meaning:
      "What this process does: all, only web (webhooks), only worker (runs); several need DATABASE_URL",
    example: "worker",
    fallback: "all",
  }),
  COPATCHER_RUNS: shown(whole(1, 256).prefault("2"), {
    meaning: "Runs at work at the same time in this process",
    example: "8",
    fallback: "2",
  }),
  COPATCHER_NEWER_REQUEST: shown(oneOf("refuse", "supersede").prefault("refuse"), {
    meaning: "What a request does while its issue has a run: refuse itself, or supersede that run",
    example: "supersede",
    fallback: "refuse",
  }),
  COPATCHER_RUN_MINUTES: shown(whole(0, 10_080).prefault("120"), {
    meaning: orNone("Minutes after which a run finishes with the best it has"),
    example: "60",
    fallback: "120",
  }),
  COPATCHER_MAX_RUNS_PER_INSTALLATION: shown(whole(0, 10_000).prefault("0"), {
    meaning: orNone("Runs of one installation at work at the same time, in all processes"),
    example: "4",
    fallback: "0",
  }),
  COPATCHER_MAX_RUNS_PER_REPOSITORY: shown(whole(0, 10_000).prefault("0"), {
    meaning: orNone("The same for one repository"),
    example: "2",
    fallback: "0",
  }),
  COPATCHER_MAX_DAILY_RUNS: shown(whole(0, 100_000).prefault("50"), {
    meaning: orNone("Runs of one repository within 24 hours"),
    example: "10",
    fallback: "50",
  }),
  COPATCHER_MAX_DAILY_TOKENS: shown(whole(0, 999_999_999_999).prefault("0"), {
    meaning: orNone("Tokens, prompts and answers, that runs of one repository use within 24 hours"),
    example: "5000000",
    fallback: "0",
  }),
  COPATCHER_MAX_OPEN_PULL_REQUESTS: shown(whole(0, 10_000).prefault("10"), {
    meaning: orNone("Pull requests of the bot that are open in one repository; runs that update one go on"),
    example: "5",
    fallback: "10",
  }),
  COPATCHER_LEASE_SECONDS: shown(whole(2, 3600).prefault("30"), {
    meaning: `Seconds after which the run of a worker that gives no sign of life is another's; ${leastLeaseSeconds} at least`,
    example: "60",
    fallback: "30",
  }),
  COPATCHER_DRAIN_SECONDS: shown(whole(0, 86_400).prefault("5"), {
    meaning: "Seconds that runs may go on after SIGTERM before they are handed over",
    example: "60",
    fallback: "5",
  }),
} satisfies Readonly<Record<string, z.ZodType>>;

type Values = { readonly [Name in keyof typeof runVariables]: z.infer<(typeof runVariables)[Name]> };

const limit = (value: number): number => (value === 0 ? Infinity : value);

export const runsOf = (values: Values): RunsConfig => ({
  process: values.COPATCHER_PROCESS,
  atOnce: values.COPATCHER_RUNS,
  newer: values.COPATCHER_NEWER_REQUEST,
  limits: {
    installationRuns: limit(values.COPATCHER_MAX_RUNS_PER_INSTALLATION),
    repositoryRuns: limit(values.COPATCHER_MAX_RUNS_PER_REPOSITORY),
    // only settings limit an issue
    runsPerIssue: Infinity,
    runsPerDay: limit(values.COPATCHER_MAX_DAILY_RUNS),
    tokensPerDay: limit(values.COPATCHER_MAX_DAILY_TOKENS),
    openPullRequests: limit(values.COPATCHER_MAX_OPEN_PULL_REQUESTS),
  },
  minutes: limit(values.COPATCHER_RUN_MINUTES),
  leaseMs: values.COPATCHER_LEASE_SECONDS * 1000,
  drainMs: values.COPATCHER_DRAIN_SECONDS * 1000,
});
