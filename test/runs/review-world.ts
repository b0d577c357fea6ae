import type { RunKind } from "../../src/domain/run.ts";
import type { ReviewThread } from "../../src/domain/review-thread.ts";
import { unlimited } from "../../src/domain/limits.ts";
import type { Forge, Forges } from "../../src/ports/forge.ts";
import type { SampleRequest } from "../../src/ports/inference-client.ts";
import { executeRun, type ExecuteDependencies } from "../../src/runs/execute-run.ts";
import { requestRun } from "../../src/runs/request-run.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import type { MemoryPullRequest } from "../fakes/memory-pull-requests.ts";
import { createMemoryWorkspace } from "../fakes/memory-workspace.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { policy } from "../fixtures/run-request.ts";
import { listening } from "../fixtures/stage-context.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { faultyPath, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { goodTest, patchOf, testedByRightEdit, testedProject } from "../fixtures/tested-project.ts";

const branch = "copatcher/issue-7";
const patched = { ...testedProject, [faultyPath]: patchOf()[0]?.after ?? "" };

/** A thread about the patched line. */
export const threadBy = (author: string, says: string, id = 900): ReviewThread => ({
  path: faultyPath,
  line: 3,
  resolved: false,
  comments: [{ id, author, own: false, body: says }],
});

/** The revision that a maintainer's remark asks for. */
export const withRemark = editAnswer(faultyPath, rightLine, `    # both may be negative\n${rightLine}`);

type ReviewScene = {
  readonly pull?: Partial<MemoryPullRequest>;
  readonly threads?: readonly ReviewThread[];
  /** The answer to the prompt `revise`. */
  readonly answer?: string;
  /** The answer to the prompt `add-test`. */
  readonly test?: string;
  readonly hint?: string;
  /** What asks for the run; a stranger's pull request has none that opened it. */
  readonly opened?: boolean;
  readonly kind?: RunKind;
  readonly ownerSettings?: string;
};

/** A pull request that a run of the small project opened, with the bot's patch at its head and a run on it. */
export async function reviewWorld(scene: ReviewScene = {}) {
  const workspace = createMemoryWorkspace();
  const head = workspace.commit("/project", patched, branch);
  const base = workspace.commit("/project", testedProject);
  const replies = smallReplies({
    revise: [once(scene.answer ?? withRemark)],
    "add-test": [once(scene.test ?? goodTest)],
  });
  const asked: SampleRequest[] = [];
  let noPrograms = false;
  const client = createScriptedClient({ replies });
  const world = await makeWorld({
    files: testedProject,
    answer: (command, job, index) =>
      noPrograms && job.label === "environment/toolchain"
        ? exited(127)
        : testedByRightEdit(command, job, index),
    ...(scene.ownerSettings === undefined ? {} : { ownerSettings: scene.ownerSettings }),
    workspace,
    replies,
    inference: listening(client, asked),
  });
  if (scene.opened !== false) await world.work();
  else await world.runs.requestCancel(world.run.id, "nobody");
  const number = 100;
  const opened = {
    number,
    own: true,
    author: "copatcher[bot]",
    head: { branch, sha: head, foreign: false },
    base: { branch: "main", sha: base },
    forkPoint: base,
    threads: scene.threads ?? [threadBy("hubot", "Say why, please.")],
    ...scene.pull,
  };
  world.forge.pulls.put(opened);
  const { runs, forge, logger } = world;
  const ask = (kind: RunKind, delivery: string, hint?: string) =>
    requestRun(
      { runs, forges: forge, logger, policy },
      {
        kind,
        installation: 1,
        issue: {
          ref: { repo: { owner: "octo", name: "calc" }, number },
          title: "fix",
          body: "",
          author: "bot",
        },
        trigger: { kind: "command", sender: "hubot", delivery },
        label: null,
        pullRequest: number,
        ...(hint === undefined ? {} : { hint }),
      },
    );
  await ask(scene.kind ?? "revision", "delivery-2", scene.hint);
  const work = async (
    wrap: (forge: Forge) => Forge = (it) => it,
    owner = "worker-1",
    change: Partial<ExecuteDependencies> = {},
  ): Promise<void> => {
    const claim = await runs.claim(owner, unlimited);
    if (claim === null) throw new RangeError("the run is not to be had");
    const forges: Forges = { forInstallation: (id, use) => wrap(forge.forInstallation(id, use)) };
    await executeRun({ ...world.deps, forges, ...change }, claim, controlOf());
  };
  return {
    world,
    head,
    asked,
    work,
    ask,
    /** The branch ends with a commit that has these files besides the patch, whoever made it. */
    moveHead(files: Readonly<Record<string, string>>) {
      const sha = workspace.commit("/project", { ...patched, ...files }, branch);
      workspace.commit("/project", testedProject);
      forge.pulls.put({ ...opened, head: { branch, sha, foreign: false } });
    },
    /** From here on the language's programs are missing. */
    breakToolchain() {
      noPrograms = true;
    },
    /** The bot's last word on the pull request. */
    said: () => forge.comments.findLast(({ ref }) => ref.number === number)?.body ?? "",
    end: async () => (await runs.latest({ repo: { owner: "octo", name: "calc" }, number }))?.state,
  };
}
