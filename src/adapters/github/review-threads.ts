import { z } from "zod";
import type { RepoRef } from "../../domain/issue.ts";
import { ghost } from "../../domain/login.ts";
import type { ReviewThread } from "../../domain/review-thread.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { Call, GitHubClient } from "./github-call.ts";

/** Only GraphQL tells whether a thread is resolved. */
const query = `query copatcherReviewThreads($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved path line
          comments(first: 100) { nodes { databaseId body author { login __typename } } }
        }
      }
    }
  }
}`;

const Author = z.object({ login: z.string(), __typename: z.string() });
const Comment = z.object({ databaseId: z.number(), body: z.string(), author: Author.nullable() });
const Thread = z.object({
  isResolved: z.boolean(),
  path: z.string(),
  line: z.number().nullable(),
  comments: z.object({ nodes: z.array(Comment) }),
});
const Threads = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(Thread),
});
const Answer = z.object({
  repository: z.object({ pullRequest: z.object({ reviewThreads: Threads }).nullable() }).nullable(),
});

/** More than a person reads; the rest is left to the next revision. */
const maxPages = 10;

export async function reviewThreads(
  call: Call,
  client: GitHubClient,
  self: AppIdentity,
  { owner, name }: RepoRef,
  number: number,
): Promise<readonly ReviewThread[]> {
  const found: ReviewThread[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const variables: Record<string, unknown> = { owner, name, number, after };
    const answer: z.infer<typeof Answer> = await call("read the review threads", Answer, async () => ({
      data: await client.graphql(query, variables),
    }));
    const threads = answer.repository?.pullRequest?.reviewThreads;
    if (threads === undefined) break;
    found.push(...threads.nodes.map((thread) => seen(self, thread)));
    if (!threads.pageInfo.hasNextPage) break;
    after = threads.pageInfo.endCursor;
  }
  return found;
}

/** GraphQL shows the App without the brackets that REST adds to its login. */
const loginOf = (author: z.infer<typeof Author> | null): string =>
  author === null ? ghost : author.__typename === "Bot" ? `${author.login}[bot]` : author.login;

const seen = (self: AppIdentity, thread: z.infer<typeof Thread>): ReviewThread => ({
  path: thread.path,
  line: thread.line,
  resolved: thread.isResolved,
  comments: thread.comments.nodes.map(({ databaseId, body, author }) => {
    const login = loginOf(author);
    return { id: databaseId, author: login, own: login === self.login, body };
  }),
});
