import type { Octokit } from "@octokit/rest";
import type { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import { forgeError } from "./github-error.ts";
import { isTaken } from "./taken.ts";

/** What this adapter needs of an Octokit; Probot's and `@octokit/rest`'s both fit. */
export type GitHubClient = Pick<Octokit, "rest" | "graphql" | "paginate" | "auth" | "request" | "hook">;

type Send = () => Promise<{ readonly data: unknown }>;

/**
 * Sends a request and checks the fields of its answer that we use. Throws RepairErrors of github-error.ts, or the
 * signal's reason. `action` completes "Could not ...".
 */
export type Call = {
  /** For what may be done twice: sent again a few times while GitHub is away. */
  <T>(action: string, answer: z.ZodType<T>, request: Send): Promise<T>;
  /** For what must not: sent again only when GitHub refused it for its rate limits. */
  once<T>(action: string, answer: z.ZodType<T>, request: Send): Promise<T>;
  /** Looks before it makes, and again when nobody knows whether the making succeeded or somebody else is at it. */
  findOrMake<T>(find: () => Promise<T | null>, make: () => Promise<T>): Promise<T>;
};

type CallDependencies = {
  readonly clock: Pick<Clock, "sleep">;
  readonly logger: Logger;
  /** Ends waits and tries. */
  readonly signal?: AbortSignal | null;
};

/** How often and how long (seconds) a call waits when GitHub asks for a pause, before it gives up. */
const pauses = 2;
const longestPause = 120;
/** Milliseconds between tries while GitHub is away. */
const outages = [1_000, 5_000];
/** Between two looks for what somebody else makes, and how many there are; who makes it has less time than that. */
const lookAgain = 1_000;
const looks = 40;

const pauseOf = ({ data }: RepairError): number | null =>
  typeof data["retryAfter"] === "number" ? data["retryAfter"] : null;

export function createCall({ clock, logger, signal = null }: CallDependencies): Call {
  const wait = (milliseconds: number): Promise<void> => clock.sleep(milliseconds, signal ?? undefined);

  async function attempt<T>(action: string, answer: z.ZodType<T>, request: Send): Promise<T> {
    try {
      signal?.throwIfAborted();
      const parsed = answer.safeParse((await request()).data);
      if (parsed.success) return parsed.data;
      throw new RepairError("forge-unavailable", `Could not ${action}: GitHub's answer was not understood.`, {
        cause: parsed.error,
      });
    } catch (error) {
      const failure = forgeError(action, error);
      if (failure.code !== "lease-lost") signal?.throwIfAborted();
      throw failure;
    }
  }

  async function trying<T>(action: string, work: () => Promise<T>, waits: readonly number[]): Promise<T> {
    let [pausesLeft, outagesLeft] = [pauses, waits];
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof RepairError) || error.code !== "forge-unavailable") throw error;
        const pause = pauseOf(error);
        const [outage, ...later] = outagesLeft;
        const hopeless = pause === null ? outage === undefined : pause > longestPause || pausesLeft === 0;
        if (hopeless) throw error;
        if (pause === null) outagesLeft = later;
        else pausesLeft -= 1;
        const milliseconds = pause === null ? (outage ?? 0) : pause * 1000;
        logger.warn({ action, milliseconds, error: error.message }, "GitHub is asked again later");
        await wait(milliseconds);
      }
    }
  }

  async function findOrMake<T>(find: () => Promise<T | null>, make: () => Promise<T>): Promise<T> {
    let [outagesLeft, looksLeft]: [readonly number[], number] = [outages, looks];
    for (;;) {
      const found = await find();
      if (found !== null) return found;
      try {
        return await make();
      } catch (error) {
        if (isTaken(error) && looksLeft > 0) {
          looksLeft -= 1;
          await wait(lookAgain);
          continue;
        }
        const unknown =
          error instanceof RepairError && error.code === "forge-unavailable" && pauseOf(error) === null;
        const [outage, ...later] = outagesLeft;
        if (!unknown || outage === undefined) throw error;
        outagesLeft = later;
        logger.warn({ milliseconds: outage, error: error.message }, "GitHub is looked at again later");
        await wait(outage);
      }
    }
  }

  const call = <T>(action: string, answer: z.ZodType<T>, request: Send): Promise<T> =>
    trying(action, () => attempt(action, answer, request), outages);
  return Object.assign(call, {
    once: <T>(action: string, answer: z.ZodType<T>, request: Send) =>
      trying(action, () => attempt(action, answer, request), []),
    findOrMake,
  });
}
