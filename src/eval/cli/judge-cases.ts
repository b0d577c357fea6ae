import { interruption } from "../../cli/interruption.ts";
import { recordedProfile } from "../../cli/replies.ts";
import type { Config } from "../../config.ts";
import { profiles } from "../../domain/settings.ts";
import { createScriptedClient } from "../../simulator/scripted-client.ts";
import { clock } from "../../wire/base.ts";
import { judgePool, type JudgedPool } from "../selection/judge-pool.ts";
import type { Case } from "../suite/case.ts";
import { stepsFolder } from "./estimate.ts";
import { createFileJournal } from "./file-journal.ts";
import { keepLabels } from "./keep-labels.ts";
import { onCase } from "./on-case.ts";
import { readPocReplies } from "./poc-replies.ts";

export type LeftOut = { readonly instance: string; readonly why: string };

export type JudgedCases = {
  readonly pools: ReadonlyMap<string, JudgedPool>;
  /** Cases that could not be judged here, and what of the others was not used. */
  readonly leftOut: readonly LeftOut[];
};

export type Places = {
  /** Holds clones of the cases' repositories. */
  readonly repos: string;
  /** Holds recorded PoC answers. */
  readonly replies: string;
  /** Where executions are kept. */
  readonly work: string;
};

/**
 * The cases' pools judged by the pipeline, one case after another; what the work folder holds is not executed again. A case
 * whose clone or image is not here is left out; anything else that breaks ends the evaluation, which goes on from the work
 * folder when it is started again.
 */
export async function judgeCases(
  config: Config,
  cases: readonly Case[],
  places: Places,
  tell: (line: string) => void,
): Promise<JudgedCases> {
  const pools = new Map<string, JudgedPool>();
  const leftOut: LeftOut[] = [];
  const signal = interruption();
  for (const one of cases) {
    const judged = await judgeCase(config, one, places, tell, signal);
    if ("why" in judged) {
      leftOut.push({ instance: one.instance, why: judged.why });
      tell(`${one.instance}: left out, ${judged.why}`);
    } else {
      pools.set(one.instance, judged.pool);
      if (judged.unused !== null) leftOut.push({ instance: one.instance, why: judged.unused });
    }
  }
  return { pools, leftOut };
}

type Judged = { readonly pool: JudgedPool; readonly unused: string | null };

async function judgeCase(
  config: Config,
  one: Case,
  { repos, replies: repliesFolder, work }: Places,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<Judged | { readonly why: string }> {
  const { instance } = one;
  await keepLabels(work, one);
  const { replies, unused } = await readPocReplies(repliesFolder, instance);
  const journal = createFileJournal(stepsFolder(work, instance));
  const method = {
    inference: createScriptedClient({ replies }),
    defaults: { profile: recordedProfile(replies, profiles.paper) },
    journal,
  };
  const started = clock.now();
  const offered = one.pool.map(({ id, patch }) => ({ id, patch }));
  const onJudged = (done: number, total: number): void =>
    tell(`${instance}: ${done} of ${total} candidates judged`);
  const judged = await onCase(config, one, repos, method, signal, (context) =>
    judgePool(context, offered, onJudged),
  );
  if ("why" in judged) return judged;
  const { executed, replayed } = journal.counts();
  const seconds = Math.round((clock.now() - started) / 1000);
  tell(`${instance}: ${executed} steps executed, ${replayed} replayed, ${seconds} s`);
  return { pool: judged.result, unused };
}
