import { z } from "zod";
import { appEvent, fieldAt } from "../app-event.ts";
import { Repository, repoOf, Sender } from "../payload.ts";

/** What GitHub's button "Revert" writes into the description of the pull request that it makes. */
const statement = /^Reverts ([\w.-]{1,100})\/([\w.-]{1,100})#([1-9]\d{0,8})\r?$/m;

function revertedIn(body: unknown): { readonly repository: string; readonly number: number } | null {
  const [, owner, name, number] = (typeof body === "string" && statement.exec(body)) || [];
  return number === undefined
    ? null
    : { repository: `${owner}/${name}`.toLowerCase(), number: Number(number) };
}

const bodyOf = (payload: object): unknown => fieldAt(payload, "pull_request", "body");

/** A merge took back an earlier pull request: where that was ours, the record keeps that its patch did not stay. */
export const pullRequestReverted = appEvent({
  name: "pull_request.closed",
  concerns: (payload) =>
    fieldAt(payload, "pull_request", "merged") === true && revertedIn(bodyOf(payload)) !== null,
  payload: z.object({
    repository: Repository,
    sender: Sender,
    pull_request: z.object({ number: z.int(), body: z.string(), closed_at: z.string() }),
  }),
  handle: async (deps, { repository, sender, pull_request: pull }) => {
    const repo = repoOf(repository);
    const reverted = revertedIn(pull.body);
    if (reverted === null || reverted.repository !== `${repo.owner}/${repo.name}`.toLowerCase()) return;
    const feedback = {
      what: "reverted",
      revert: pull.number,
      by: sender.login,
      at: pull.closed_at,
    } as const;
    await deps.recordFeedback({ repo, number: reverted.number, feedback });
  },
});
