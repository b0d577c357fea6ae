import type { ReviewThread } from "../../src/domain/review-thread.ts";
import { pullRequestsContract } from "../contracts/pull-requests.ts";
import { createMemoryPullRequests } from "./memory-pull-requests.ts";

pullRequestsContract("the memory", async () => {
  const pulls = createMemoryPullRequests();
  const pull = { repo: { owner: "acme", name: "rates" }, number: 5 };
  const threads: ReviewThread[] = [];
  pulls.put({
    number: 5,
    own: true,
    head: { branch: "copatcher/issue-1", sha: "b", foreign: false },
    threads,
  });
  return {
    requests: pulls.requests(null),
    pull,
    branch: "copatcher/issue-1",
    base: "main",
    file: { path: "a.py", text: "A = 1\nB = 2\n" },
    async remark(path, line, author, body) {
      const id = threads.length + 1;
      threads.push({ path, line, resolved: false, comments: [{ id, author, own: false, body }] });
      return id;
    },
    async resolve(first) {
      const at = threads.findIndex(({ comments }) => comments[0]?.id === first);
      const thread = threads[at];
      if (thread !== undefined) threads[at] = { ...thread, resolved: true };
    },
    answers: async (first) =>
      pulls.replies
        .filter(({ comment }) => comment === first)
        .map(({ marker, body }) => `${marker}\n${body}`),
    body: async () => [...pulls.sections.values(), "The end"].join("\n"),
    close: async () => undefined,
  };
});
