import type { Octokit } from "@octokit/rest";
import type { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import { forgeError } from "./github-error.ts";

/** What this adapter needs of an Octokit; Probot's and `@octokit/rest`'s both fit. */
export type GitHubClient = Pick<Octokit, "rest" | "paginate" | "auth">;

/** How often and how long (seconds) a call waits when GitHub asks for a pause, before it gives up. */
const pauses = 2;
const longestPause = 120;

/** Sends a request and checks the fields of its answer that we use. Throws RepairErrors of github-error.ts only. */
export type Call = <T>(
  /** Completes "Could not ...". */
  action: string,
  answer: z.ZodType<T>,
  request: () => Promise<{ readonly data: unknown }>,
) => Promise<T>;

export function createCall(deps: { readonly clock: Pick<Clock, "sleep">; readonly logger: Logger }): Call {
  async function send<T>(action: string, request: () => Promise<T>, pausesLeft: number): Promise<T> {
    try {
      return await request();
    } catch (error) {
      const failure = forgeError(action, error);
      const pause = failure.data["retryAfter"];
      if (typeof pause !== "number" || pause > longestPause || pausesLeft === 0) throw failure;
      deps.logger.warn({ action, seconds: pause }, "GitHub asks for a pause");
      await deps.clock.sleep(pause * 1000);
      return send(action, request, pausesLeft - 1);
    }
  }

  return async (action, answer, request) => {
    const { data } = await send(action, request, pauses);
    const parsed = answer.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new RepairError("forge-unavailable", `Could not ${action}: GitHub's answer was not understood.`, {
      cause: parsed.error,
    });
  };
}
