import { sampleKey } from "./replies.ts";
import { draw } from "./script/draw.ts";
import { hits, type PlannedFault, type ServerFault } from "./script/faults.ts";
import type { ScriptCall, ScriptedReply } from "./script/script.ts";

/** A fault ordered from outside, for calls of `stage` and `model` where these are given. */
export type OrderedFault = PlannedFault & {
  readonly stage?: string | undefined;
  readonly model?: string | undefined;
};

export type FaultSelector = {
  /** Faults that hit this call; counts it. */
  select(call: ScriptCall, reply: ScriptedReply): readonly ServerFault[];
  /** Replaces the faults ordered from outside. */
  order(faults: readonly OrderedFault[]): void;
};

/** Chance depends on `seed` and on which call it is, by name or seed, and how often that was tried; not on the order of calls. */
export function createFaultSelector(seed: number): FaultSelector {
  const counted = new Map<string, number>();
  let ordered: readonly OrderedFault[] = [];
  const count = (name: string): number => {
    const calls = (counted.get(name) ?? 0) + 1;
    counted.set(name, calls);
    return calls;
  };
  const hitting = (planned: readonly PlannedFault[], key: string, call: ScriptCall): readonly ServerFault[] =>
    planned.flatMap((one, at) => {
      const name = `${key} ${at}`;
      const who = call.sample === null ? `seed ${call.seed}` : sampleKey(call.sample);
      const chance = draw([seed, name, who, count(`${name} ${who}`)]);
      return hits(one, count(name), chance) ? [one.fault] : [];
    });
  const fits = (order: OrderedFault, call: ScriptCall): boolean =>
    (order.stage === undefined || order.stage === call.sample?.stage) &&
    (order.model === undefined || order.model === call.model);
  return {
    order(faults) {
      ordered = faults;
      counted.clear();
    },
    select(call, reply) {
      const orders = ordered.flatMap((one, at) =>
        fits(one, call) ? hitting([one], `order ${at}`, call) : [],
      );
      return [...hitting(reply.faults, reply.faultKey, call), ...orders];
    },
  };
}
