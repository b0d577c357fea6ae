import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import { eachWithRealCommits } from "./pull-requests.ts";
import type { Site } from "./route.ts";
import type { SentWebhook, Webhooks } from "./webhooks.ts";

const Author = z.object({ login: z.string() });

const IssueAnswer = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  user: Author,
  labels: z.array(z.object({ name: z.string() })),
});

const CommentAnswer = z.object({ id: z.number(), body: z.string(), user: Author });

const PullAnswer = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  draft: z.boolean(),
  html_url: z.string(),
  user: Author,
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
});

export type SeenIssue = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly author: string;
  readonly labels: readonly string[];
};

export type SeenComment = { readonly id: number; readonly author: string; readonly body: string };

export type SeenPullRequest = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly draft: boolean;
  readonly url: string;
  readonly author: string;
  readonly head: string;
  readonly headSha: string;
  readonly base: string;
  readonly baseSha: string;
};

/** What the repository's people do, and what anyone sees. Whatever causes a webhook waits for the bot's answer. */
export type People = {
  readonly openIssue: (title: string, body: string, author: string) => Promise<number>;
  readonly addLabel: (issue: number, label: string, sender: string) => Promise<SentWebhook>;
  readonly comment: (issue: number, body: string, sender: string) => Promise<SentWebhook>;
  readonly issue: (number: number) => Promise<SeenIssue>;
  readonly comments: (issue: number) => Promise<readonly SeenComment[]>;
  /** Open and closed ones, oldest first. */
  readonly pullRequests: () => Promise<readonly SeenPullRequest[]>;
  /** Both branches must exist. */
  readonly openPullRequest: (
    head: string,
    base: string,
    title: string,
    sender: string,
  ) => Promise<SentWebhook>;
  readonly closePullRequest: (number: number, sender: string) => Promise<SentWebhook>;
};

export function peopleOf(site: Site, emulated: Pick<EmulatedGitHub, "as">, webhooks: Webhooks): People {
  const base = `/repos/${site.owner}/${site.name}`;
  const look = (path: string): Promise<unknown> => emulated.as(site.owner, "GET", `${base}${path}`);

  async function causing(
    event: string,
    action: string,
    sender: string,
    request: readonly [method: string, path: string, body: unknown],
  ): Promise<SentWebhook> {
    const [method, path, body] = request;
    const told = webhooks.next(event, action, sender);
    const [webhook] = await Promise.all([told, emulated.as(sender, method, `${base}${path}`, body)]);
    return webhook;
  }

  return {
    openIssue: async (title, body, author) => {
      const answer = await emulated.as(author, "POST", `${base}/issues`, { title, body });
      return IssueAnswer.parse(answer).number;
    },
    addLabel: (issue, label, sender) =>
      causing("issues", "labeled", sender, ["POST", `/issues/${issue}/labels`, { labels: [label] }]),
    comment: (issue, body, sender) =>
      causing("issue_comment", "created", sender, ["POST", `/issues/${issue}/comments`, { body }]),
    issue: async (number) => {
      const { user, labels, body, ...rest } = IssueAnswer.parse(await look(`/issues/${number}`));
      return { ...rest, body: body ?? "", author: user.login, labels: labels.map((label) => label.name) };
    },
    comments: async (issue) => {
      const answer = z.array(CommentAnswer).parse(await look(`/issues/${issue}/comments?per_page=100`));
      return answer.map(({ id, body, user }) => ({ id, body, author: user.login }));
    },
    pullRequests: async () => {
      const pulls = z.array(z.unknown()).parse(await look("/pulls?state=all&direction=asc&per_page=100"));
      const real = await eachWithRealCommits(site, pulls);
      return real.map((pull): SeenPullRequest => {
        const { html_url: url, user, head, base, body, ...rest } = PullAnswer.parse(pull);
        return {
          ...rest,
          body: body ?? "",
          url: url.replace(/^https?:\/\/[^/]+/, site.url),
          author: user.login,
          head: head.ref,
          headSha: head.sha,
          base: base.ref,
          baseSha: base.sha,
        };
      });
    },
    openPullRequest: (head, base, title, sender) =>
      causing("pull_request", "opened", sender, ["POST", "/pulls", { head, base, title }]),
    closePullRequest: (number, sender) =>
      causing("pull_request", "closed", sender, ["PATCH", `/pulls/${number}`, { state: "closed" }]),
  };
}
