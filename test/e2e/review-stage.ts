import { rm } from "node:fs/promises";
import { createMemoryJournal } from "../../src/adapters/memory/journal.ts";
import { unlimited } from "../../src/domain/limits.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { DeliveryDependencies } from "../../src/github-app/delivery-dependencies.ts";
import { executeRun, type ExecuteDependencies } from "../../src/runs/execute-run.ts";
import { createRecords } from "../../src/runs/open-record.ts";
import { recordFeedback } from "../../src/runs/record-feedback.ts";
import { makeGitWorkspace } from "../adapters/git/make-git-workspace.ts";
import { createMemoryRecordStore } from "../fakes/memory-record-store.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { faultyLine, faultyPath, rightEdit, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { goodTest, testAnswer, testedByRightEdit, testedProject } from "../fixtures/tested-project.ts";

export const files = (line: string): Readonly<Record<string, string>> => ({
  ...testedProject,
  [faultyPath]: String(testedProject[faultyPath]).replace(faultyLine, line),
});
export const repo = { owner: "acme", name: "rates" };
export const remarkLine = "    # both may be negative";

export type ReviewStage = BotWorld & {
  /** Works the run that is queued, if there is one; `wrap` changes what it works with. */
  work(wrap?: (deps: ExecuteDependencies) => ExecuteDependencies): Promise<void>;
  /** What the bot says on an issue or pull request, in the order of its comments. */
  said(number: number): Promise<readonly string[]>;
  /** Opens a person's pull request from a new branch with these files. */
  propose(branch: string, tree: Readonly<Record<string, string>>): Promise<number>;
};

/** The embedded GitHub and the bot behind its webhooks, with git, recorded models and a sandbox that runs nothing. */
export async function makeReviewStage(): Promise<ReviewStage> {
  let runOf: ExecuteDependencies["records"]["runOfPullRequest"] = () => Promise.resolve(null);
  let keep: DeliveryDependencies["recordFeedback"] = () => Promise.resolve(false);
  const world: BotWorld = await makeBotWorld(asEntries(testedProject), {
    runOfPullRequest: async (at, number) => {
      const id = await runOf(at, number);
      return id === null ? null : world.runs.run(id);
    },
    recordFeedback: (ask) => keep(ask),
  });
  const records = createMemoryRecordStore(world.runs);
  runOf = (at, number) => records.runOfPullRequest(at, number);
  const revised = once(editAnswer(faultyPath, rightLine, `${remarkLine}\n${rightLine}`));
  const replies = smallReplies({
    // two of each, since as many samples of all are asked for as there are of this
    generate: [once(rightEdit), once(rightEdit)],
    revise: [revised, revised],
    "add-test": [once(testAnswer("    # add(2, 2)")), once(goodTest)],
  });
  const { deps } = await makeWorld({ replies, answer: testedByRightEdit });
  keep = (ask) => recordFeedback({ records, secrets: [], clock: deps.clock }, ask);
  const { workspace, directory } = await makeGitWorkspace();
  const journals = new Map<string, Journal>();
  const journalOf = (run: string): Journal => {
    const journal = journals.get(run) ?? createMemoryJournal();
    journals.set(run, journal);
    return journal;
  };
  const bot = { version: "0.0.0", configHash: "none", systemPrompt: null };
  const { logger, runs, forges } = world;
  const whole: ExecuteDependencies = {
    ...deps,
    runs,
    forges,
    records,
    journal: ({ run }) => journalOf(run.id),
    record: createRecords({ store: records, secrets: [], clock: deps.clock, logger, bot }),
    tools: { ...deps.tools, workspace },
  };
  return {
    ...world,
    async work(wrap = (it) => it) {
      const claim = await runs.claim("worker-1", unlimited);
      if (claim !== null) await executeRun(wrap(whole), claim, controlOf());
    },
    async said(number) {
      const comments = await world.github.comments(number);
      return comments.filter(({ author }) => author === "copatcher[bot]").map(({ body }) => body);
    },
    async propose(branch, tree) {
      await world.repository.git("branch", branch, "main");
      await world.repository.commit(asEntries(tree), branch);
      await world.github.openPullRequest(branch, "main", "Let it add", "wanda");
      return (await world.github.pullRequests()).at(-1)?.number ?? 0;
    },
    async close() {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
