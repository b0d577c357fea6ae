import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import { forgeError, statusOf } from "./github-error.ts";

/** An Octokit that acts as the installation, or as the App itself (null). */
export type Connect = (installation: number | null) => Promise<Pick<Octokit, "request">>;

export type Query = Readonly<Record<string, unknown>>;

/** The fields of an answer, and the cursor with which its list goes on (null at the end). */
export type Answer<T> = { readonly data: T; readonly cursor: string | null };

/**
 * One request and its answer's fields. What GitHub says has not changed since the last time is not sent again and does
 * not count against the rate limit. Throws RepairErrors of github-error.ts, and does not wait for pauses to end.
 */
export type Ask = <T>(
  installation: number | null,
  route: string,
  query: Query,
  answer: z.ZodType<T>,
) => Promise<Answer<T>>;

const Response = z.object({
  data: z.unknown(),
  headers: z.object({ etag: z.string().optional(), link: z.string().optional() }),
});

type Known = { readonly etag: string; readonly answer: Answer<unknown> };

/** Answers that are remembered; those not asked for the longest time go first. */
const remembered = 500;

/** Nobody waits longer for these answers (milliseconds). */
const patience = 30_000;

export function createAsk(connect: Connect): Ask {
  const known = new Map<string, Known>();

  function remember(key: string, etag: string | undefined, answer: Answer<unknown>): void {
    known.delete(key);
    if (etag !== undefined) known.set(key, { etag, answer });
    const [oldest] = known.size > remembered ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  }

  return async (installation, route, query, schema) => {
    const parse = (data: unknown) => {
      const parsed = schema.safeParse(data);
      if (parsed.success) return parsed.data;
      throw new RepairError("forge-unavailable", `GitHub's answer to ${route} was not understood.`, {
        cause: parsed.error,
      });
    };
    const key = JSON.stringify([installation, route, query]);
    const before = known.get(key);
    const headers = before === undefined ? {} : { headers: { "if-none-match": before.etag } };
    try {
      const client = await connect(installation);
      const response = Response.parse(
        await inTime(route, (signal) =>
          client.request(route, { ...query, ...headers, request: { signal, retries: 0 } }),
        ),
      );
      const answer = { data: parse(response.data), cursor: cursorOf(response.headers.link) };
      remember(key, response.headers.etag, answer);
      return answer;
    } catch (error) {
      const failure = forgeError(`ask ${route}`, error);
      if (before === undefined || statusOf(failure) !== 304) throw failure;
      remember(key, before.etag, before.answer);
      return { data: parse(before.answer.data), cursor: before.answer.cursor };
    }
  };
}

function cursorOf(link: string | undefined): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return next === undefined ? null : new URL(next).searchParams.get("cursor");
}

async function inTime<T>(route: string, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(patience);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () =>
      reject(new RepairError("forge-unavailable", `GitHub did not answer ${route} in time.`)),
    );
  });
  return Promise.race([request(signal), tooLate]);
}
