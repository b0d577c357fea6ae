import { z } from "zod";
import { fieldAt } from "./app-event.ts";
import { Repository, Sender } from "./payload.ts";

/** Whether the payload is about a pull request that a bot made; whether it is ours is known by its run. */
export const onBotsPullRequest = (payload: object): boolean =>
  fieldAt(payload, "pull_request", "user", "type") === "Bot" && !bySelf(payload);

/** What the bot does with its own pull request is no news. */
const bySelf = (payload: object): boolean =>
  fieldAt(payload, "sender", "login") === fieldAt(payload, "pull_request", "user", "login");

/** Milliseconds since 1970; undefined for what is no time. */
export function millisecondsOf(time: string): number | undefined {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** What every delivery about a pull request has. */
export const aboutPullRequest = {
  repository: Repository,
  sender: Sender,
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha: z.string() }),
    updated_at: z.string(),
    closed_at: z.string().nullish(),
  }),
};
