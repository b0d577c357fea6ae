import type { RepairResult } from "../../src/domain/evidence.ts";
import { repair } from "../../src/pipeline/repair.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { World } from "./world.ts";

/** The product's own pipeline on every issue of the world at once; `change` is what an ablation takes from it. */
export const repairAll = (
  { clock, frames }: World,
  change: (context: StageContext) => StageContext = (context) => context,
): Promise<readonly RepairResult[]> =>
  clock.run(() => Promise.all(frames.map(({ context }) => repair(change(context)))));
