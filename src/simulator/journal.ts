import type { Timeline } from "./clock/timeline.ts";
import type { EngineRejection } from "./engine/engine.ts";
import type { SequenceEnd } from "./engine/sequence.ts";
import type { PlannedAnswer, PlannedCall } from "./generation.ts";
import { sampleKey } from "./replies.ts";

/** What became of one choice; times are those of the simulation's timeline. */
export type JournalChoice = SequenceEnd & { readonly choice: number; readonly finish: "stop" | "length" };

/** One call that reached an engine. */
export type JournalEntry = {
  readonly model: string;
  readonly sample: string | null;
  readonly priority: number;
  readonly n: number;
  readonly promptTokens: number;
  readonly arrivedAt: number;
  /** In the order in which they ended; as many as `n` once all have. */
  readonly choices: readonly JournalChoice[];
  readonly rejected: EngineRejection["rejected"] | null;
};

export type OpenEntry = {
  choiceEnded(choice: number, answer: PlannedAnswer, end: SequenceEnd): void;
  rejected(why: EngineRejection["rejected"]): void;
};

export type CallJournal = {
  open(planned: PlannedCall): OpenEntry;
  entries(): readonly JournalEntry[];
};

export function createCallJournal(timeline: Timeline): CallJournal {
  const entries: (Omit<JournalEntry, "rejected"> & {
    choices: JournalChoice[];
    rejected: JournalEntry["rejected"];
  })[] = [];
  return {
    entries: () => entries,
    open({ call, promptTokens }) {
      const entry = {
        model: call.model,
        sample: call.sample === null ? null : sampleKey(call.sample),
        priority: call.priority,
        n: call.n,
        promptTokens,
        arrivedAt: timeline.now(),
        choices: [] as JournalChoice[],
        rejected: null as JournalEntry["rejected"],
      };
      entries.push(entry);
      return {
        choiceEnded: (choice, { finish }, end) => void entry.choices.push({ choice, finish, ...end }),
        rejected(why) {
          entry.rejected = why;
        },
      };
    },
  };
}
