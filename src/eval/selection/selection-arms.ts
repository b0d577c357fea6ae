import { arms } from "./arms.ts";
import { conclusionOf, isValidated } from "./conclusion.ts";
import type { JudgedPool } from "./judge-pool.ts";
import type { SelectionArm } from "../report/selection-report.ts";

/** The arms over pools that were judged. */
export const selectionArms = (pools: ReadonlyMap<string, JudgedPool>): readonly SelectionArm[] =>
  arms.map(({ name, decide, concludes }) => ({
    name,
    paper: new Map(),
    choose(instance, ids) {
      const pool = pools.get(instance);
      if (pool === undefined) return { pick: null, validated: false };
      const decision = decide(pool, ids);
      const validated = concludes && isValidated(conclusionOf(pool, decision, ids.length));
      return { pick: decision.picked, validated };
    },
  }));
