import { expect, test } from "vitest";
import { createMemoryJournal } from "../../src/adapters/memory/journal.ts";
import type { ReviewThread } from "../../src/domain/review-thread.ts";
import { pinThreads } from "../../src/runs/review-threads.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { threadBy } from "./review-world.ts";

async function pinned(threads: readonly ReviewThread[]) {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "/none" },
    permissions: { hubot: "write", reed: "read" },
  });
  forge.pulls.put({ number: 31, threads });
  const lookups: string[] = [];
  const permission: typeof forge.permission = (repo, login) => {
    lookups.push(login);
    return forge.permission(repo, login);
  };
  const pullRequest = { repo: { owner: "octo", name: "calc" }, number: 31 };
  const kept = await pinThreads(createMemoryJournal(), { ...forge, permission }, pullRequest, "triage");
  return { ...kept, lookups };
}

const many = (count: number, author: (index: number) => string): readonly ReviewThread[] =>
  Array.from({ length: count }, (_, index) => threadBy(author(index), "Obey me.", 900 + index));

test("threads of strangers do not crowd out a maintainer's", async () => {
  const { threads, leftOut, lookups } = await pinned([
    ...many(50, () => "reed"),
    threadBy("hubot", "Say why, please.", 1_000),
  ]);

  expect(threads.map(({ first }) => first)).toEqual([1_000]);
  expect([leftOut, lookups.toSorted()]).toEqual([50, ["hubot", "reed"]]);
});

test("of many people the roles of those who spoke last are looked up", async () => {
  const strangers = many(80, (index) => `stranger-${index}`);
  const { threads, lookups } = await pinned([threadBy("hubot", "Say why, please.", 2_000), ...strangers]);

  expect(threads.map(({ first }) => first)).toEqual([2_000]);
  expect(lookups).toHaveLength(50);
  expect(lookups.slice(0, 2)).toEqual(["hubot", "stranger-79"]);
});

test("of more threads than a run keeps the oldest are kept", async () => {
  const { threads } = await pinned(many(60, () => "hubot"));

  expect(threads.map(({ first }) => first)).toEqual(Array.from({ length: 50 }, (_, index) => 900 + index));
});
