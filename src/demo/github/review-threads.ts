import { z } from "zod";
import { notFound } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import type { GraphQLField } from "./graphql.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

export type EmbeddedRemark = { readonly id: number; readonly author: string; readonly body: string };

/** A review thread as people see it. */
export type EmbeddedThread = {
  readonly pull: number;
  readonly path: string;
  readonly line: number | null;
  readonly resolved: boolean;
  readonly remarks: readonly EmbeddedRemark[];
};

export type ReviewThreads = {
  readonly routes: readonly Route[];
  /** Only GraphQL tells which threads are resolved. */
  readonly field: GraphQLField;
  readonly of: (pull: number) => readonly EmbeddedThread[];
  /** Begins a thread; returns the id of its first remark. */
  readonly begin: (
    thread: Pick<EmbeddedThread, "pull" | "path" | "line">,
    by: string,
    body: string,
  ) => number;
  readonly resolve: (firstRemark: number) => void;
};

const Asked = z.object({ number: z.number(), after: z.string().nullish() });
const Said = z.object({ body: z.string().min(1) });

/** Threads of reviews, which emulate has not. */
export function createReviewThreads(site: Site): ReviewThreads {
  const threads: EmbeddedThread[] = [];
  const bot = `${site.appSlug}[bot]`;
  let ids = 5_000;

  const change = (firstRemark: number, by: (thread: EmbeddedThread) => EmbeddedThread): void => {
    const at = threads.findIndex(({ remarks }) => remarks[0]?.id === firstRemark);
    const thread = threads[at];
    if (thread === undefined) throw notFound();
    threads[at] = by(thread);
  };
  const shown = ({ pull, path, line, remarks }: EmbeddedThread) =>
    remarks.map(({ id, author, body }, at) => ({
      id,
      body,
      path,
      line,
      user: { login: author, type: author === bot ? "Bot" : "User" },
      pull_request_url: `${repositoryUrl(site)}/pulls/${pull}`,
      ...(at === 0 ? {} : { in_reply_to_id: remarks[0]?.id }),
    }));
  const node = ({ resolved, path, line, remarks }: EmbeddedThread) => ({
    isResolved: resolved,
    path,
    line,
    comments: {
      nodes: remarks.map(({ id, author, body }) => ({
        databaseId: id,
        body,
        author: {
          login: author.replace(/\[bot\]$/, ""),
          __typename: author === bot ? "Bot" : "User",
        },
      })),
    },
  });
  const of = (pull: number) => threads.filter((thread) => thread.pull === pull);

  const field: GraphQLField = {
    name: "reviewThreads",
    answer: async (variables) => {
      const { number, after } = Asked.parse(variables);
      const [size, from] = [2, Number(after ?? 0)];
      const found = of(number);
      const reviewThreads = {
        pageInfo: { hasNextPage: from + size < found.length, endCursor: String(from + size) },
        nodes: found.slice(from, from + size).map(node),
      };
      return { data: { repository: { pullRequest: { reviewThreads } } } };
    },
  };
  const routes: readonly Route[] = [
    {
      method: "GET",
      pattern: below(site, "pulls/(\\d+)/comments"),
      contents: "none",
      handle: async ({ parts: [pull], query }) => {
        const size = Number(query.get("per_page") ?? 30);
        const from = (Number(query.get("page") ?? 1) - 1) * size;
        return {
          status: 200,
          body: of(Number(pull))
            .flatMap(shown)
            .slice(from, from + size),
        };
      },
    },
    {
      method: "POST",
      pattern: below(site, "pulls/(\\d+)/comments/(\\d+)/replies"),
      contents: "none",
      handle: async ({ parts: [pull, first], json }) => {
        const { body } = parseBody(Said, json());
        const remark = { id: (ids += 1), author: bot, body };
        if (!of(Number(pull)).some(({ remarks }) => remarks[0]?.id === Number(first))) throw notFound();
        change(Number(first), (thread) => ({ ...thread, remarks: [...thread.remarks, remark] }));
        const made = of(Number(pull))
          .flatMap(shown)
          .find(({ id }) => id === remark.id);
        return { status: 201, body: made };
      },
    },
  ];
  return {
    routes,
    field,
    of,
    begin({ pull, path, line }, author, body) {
      const id = (ids += 1);
      threads.push({ pull, path, line, resolved: false, remarks: [{ id, author, body }] });
      return id;
    },
    resolve: (firstRemark) => change(firstRemark, (thread) => ({ ...thread, resolved: true })),
  };
}
