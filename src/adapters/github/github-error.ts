import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import { headOf } from "../../domain/visible-text.ts";

/** What Octokit throws; without a response GitHub did not answer at all. */
const Thrown = z.object({
  status: z.number(),
  message: z.string(),
  response: z
    .object({ headers: z.record(z.string(), z.unknown()).default({}), data: z.unknown() })
    .optional(),
});

/** What Octokit throws where GraphQL answers 200 with errors: refusals, of the types that sending again does not change. */
const GraphQLRefusal = z.object({
  name: z.literal("GraphqlResponseError"),
  errors: z
    .array(
      z.object({
        type: z.enum(["FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND", "UNPROCESSABLE"]),
        message: z.string(),
      }),
    )
    .min(1),
});

const Field = z.object({
  resource: z.string().optional(),
  field: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

const Refusal = z.object({
  message: z.string(),
  errors: z.array(z.union([z.string(), Field])).default([]),
});

const longestMessage = 500;

/** GitHub's own words; an answer that is not GitHub's JSON (a proxy's page) says nothing. */
function githubMessage(data: unknown): string {
  const refusal = Refusal.safeParse(data).data;
  if (refusal === undefined) return "";
  const details = refusal.errors.map((error) =>
    typeof error === "string"
      ? error
      : (error.message ??
        [error.resource, error.field, error.code].filter((part) => part !== undefined).join(" ")),
  );
  return headOf([refusal.message, ...details].join("; "), longestMessage);
}

const seconds = (value: unknown): number | null => {
  const parsed = Number.parseInt(String(value), 10);
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : null;
};

/** Without `retry-after`, GitHub asks for a minute's pause after a secondary limit. */
const defaultPause = 60;

/** Seconds to wait before the same request may be sent again; null when the refusal is not about rates. */
function pauseOf(status: number, headers: Readonly<Record<string, unknown>>, message: string): number | null {
  if (status !== 403 && status !== 429) return null;
  const asked = seconds(headers["retry-after"]);
  if (asked !== null) return asked;
  if (String(headers["x-ratelimit-remaining"]) === "0") return untilReset(headers) ?? defaultPause;
  return status === 429 || /rate limit|abuse detection/i.test(message) ? defaultPause : null;
}

/** Seconds until an exhausted primary limit is filled again, by GitHub's own clock; null when it does not say. */
function untilReset(headers: Readonly<Record<string, unknown>>): number | null {
  const reset = seconds(headers["x-ratelimit-reset"]);
  const now = Date.parse(String(headers["date"]));
  return reset === null || Number.isNaN(now) ? null : Math.max(1, reset - Math.floor(now / 1000));
}

/** GitHub's words for an installation that was not given a permission, whatever the App asks for. */
const notGiven = /not accessible by integration/i;

/** Permissions that a request takes, in GitHub's header: one set or another, each of `name=access`. */
const permissionSets = /^(?:[a-z_]{1,60}=[a-z]{1,20}[,; ]{0,3}){1,20}$/;

/**
 * The permissions that the App was not given, as its settings page names them (`issues: write`); empty when GitHub does not
 * say which, null when the refusal is about something else.
 */
function lackOf(status: number, headers: Readonly<Record<string, unknown>>, message: string): string | null {
  if (status !== 403 || !notGiven.test(message)) return null;
  const header = headers["x-accepted-github-permissions"];
  if (typeof header !== "string" || !permissionSets.test(header)) return "";
  const words = (set: string): string =>
    set
      .trim()
      .split(/\s*,\s*/)
      .join(" and ")
      .replaceAll("=", ": ");
  return header
    .split(";")
    .map(words)
    .filter((set) => set !== "")
    .join(", or ");
}

/** Whether GitHub refuses a request since the token's installation was not given a permission; the body can still be read. */
export async function lacksPermission(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const data: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return lackOf(403, {}, githubMessage(data)) !== null;
}

/** A refusal that asks for a pause, kept from the client, which would wait (for an hour, if need be) by itself. */
export class RateLimited extends Error {
  readonly status: number;
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly data: unknown };

  constructor(status: number, response: RateLimited["response"]) {
    super("GitHub asks for a pause");
    this.name = "RateLimited";
    this.status = status;
    this.response = response;
  }

  /** Null when the response is another; its body can still be read. */
  static async of(response: Response): Promise<RateLimited | null> {
    if (response.status !== 403 && response.status !== 429) return null;
    const data: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    const headers = Object.fromEntries(response.headers);
    if (pauseOf(response.status, headers, githubMessage(data)) === null) return null;
    return new RateLimited(response.status, { headers, data });
  }
}

/** Octokit wraps what its `fetch` throws. */
const inside = (error: unknown): unknown =>
  error instanceof Error && (error.cause instanceof RepairError || error.cause instanceof RateLimited)
    ? error.cause
    : error;

/**
 * Whatever a GitHub call threw as a RepairError: `forge-rejected` when GitHub said no, `forge-unavailable` when it did
 * not answer, is broken or asks for a pause (`data.retryAfter`, seconds); what kept a request from being sent stays as it
 * is. A permission that the App was not given is named, also in `data.lacks`. Carries GitHub's words, never a credential.
 */
export function forgeError(action: string, outer: unknown): RepairError {
  const error = outer instanceof RepairError ? outer : inside(outer);
  if (error instanceof RepairError) return error;
  const thrown = Thrown.safeParse(error).data;
  if (thrown === undefined) {
    const refused = GraphQLRefusal.safeParse(error).data;
    if (refused !== undefined) {
      const words = headOf(refused.errors.map(({ message }) => message).join("; "), longestMessage);
      return new RepairError("forge-rejected", `Could not ${action}. GitHub answered: ${words}`, {
        cause: error,
      });
    }
    // Octokit itself stumbled over an answer of an unexpected shape.
    const said = error instanceof Error ? error.message : String(error);
    return new RepairError("forge-unavailable", `Could not ${action}: ${said}`, { cause: error });
  }
  const { status, response } = thrown;
  if (response === undefined) {
    return new RepairError("forge-unavailable", `Could not ${action}: no answer (${thrown.message}).`);
  }
  const message = githubMessage(response.data);
  const answered = message === "" ? `GitHub answered ${status}` : `GitHub answered ${status}: ${message}`;
  const lacks = lackOf(status, response.headers, message);
  const said = lacks === null ? answered : `${answered}. ${lackSentence(lacks)}`;
  const retryAfter = pauseOf(status, response.headers, message);
  const away = retryAfter !== null || status >= 500 || status === 408;
  return new RepairError(away ? "forge-unavailable" : "forge-rejected", `Could not ${action}. ${said}`, {
    cause: error,
    data: { status, ...(retryAfter === null ? {} : { retryAfter }), ...(lacks === null ? {} : { lacks }) },
  });
}

const lackSentence = (lacks: string): string =>
  lacks === ""
    ? "The App was not given a permission that this takes."
    : `The App was not given a permission that this takes: ${lacks}.`;

/** The HTTP status behind a translated error, null when there was none. */
export const statusOf = (error: unknown): number | null => {
  const status = error instanceof RepairError ? error.data["status"] : null;
  return typeof status === "number" ? status : null;
};
