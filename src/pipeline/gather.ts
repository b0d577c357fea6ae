import type { SampleOutcome, SampleRequest } from "../ports/inference-client.ts";

/** One member of a group that is asked together. */
export type Seat = {
  /** Asks with the others, once every member has asked or left. */
  ask(request: SampleRequest): Promise<SampleOutcome>;
  /** Says that this member has nothing (more) to ask, e.g. since the journal holds its answer. */
  leave(): void;
};

type Waiting = {
  readonly request: SampleRequest;
  readonly settle: (outcome: Promise<SampleOutcome>) => void;
};

/**
 * Brings the samples of one question together, of which each is a journal step of its own. `send` is called once, with
 * what the journal does not hold, in the order of the samples.
 */
export function gather(
  members: number,
  send: (requests: readonly SampleRequest[]) => readonly Promise<SampleOutcome>[],
): readonly Seat[] {
  const waiting: Waiting[] = [];
  let undecided = members;

  const decide = (): void => {
    undecided -= 1;
    if (undecided > 0 || waiting.length === 0) return;
    const group = waiting.toSorted((a, b) => a.request.index - b.request.index);
    const outcomes = send(group.map(({ request }) => request));
    for (const [at, { settle }] of group.entries()) settle(outcomes[at] ?? Promise.resolve(owed));
  };

  return Array.from({ length: members }, () => {
    let decided = false;
    const decideOnce = (): void => {
      if (decided) return;
      decided = true;
      decide();
    };
    return {
      ask: (request) =>
        new Promise((settle) => {
          waiting.push({ request, settle });
          decideOnce();
        }),
      leave: decideOnce,
    };
  });
}

const owed: SampleOutcome = {
  kind: "failed",
  failure: { reason: "protocol", detail: "the client gave fewer outcomes than it was asked for" },
};
