import { arms } from "./arms.ts";
import { conclusionOf, endOf } from "./conclusion.ts";
import type { JudgedPool } from "./judge-pool.ts";
import type { SelectionArm } from "../report/selection-report.ts";

/** The arms over pools that were judged. */
export const selectionArms = (pools: ReadonlyMap<string, JudgedPool>): readonly SelectionArm[] =>
  arms.map(({ name, decide, concludes }) => ({
    name,
    paper: new Map(),
    choose(instance, ids) {
      const pool = pools.get(instance);
      if (pool === undefined) return { pick: null, end: "picked" };
      const decision = decide(pool, ids);
      const end = concludes ? endOf(conclusionOf(pool, decision, ids.length)) : "picked";
      return { pick: decision.picked, end };
    },
  }));
