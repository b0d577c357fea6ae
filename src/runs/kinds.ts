import type { RunKind } from "../domain/run.ts";
import { workEnvironmentCheck } from "./kinds/environment-check.ts";
import { workPlan } from "./kinds/plan.ts";
import { workRepair } from "./kinds/repair.ts";
import { workReproduction } from "./kinds/reproduction.ts";
import { workValidation } from "./kinds/validation.ts";
import { workRevision } from "./kinds/revision.ts";
import { workTestAddition } from "./kinds/test-addition.ts";
import type { Work } from "./kinds/work.ts";

/** What each kind of run does. */
export const works: Readonly<Record<RunKind, Work>> = {
  repair: workRepair,
  "environment-check": workEnvironmentCheck,
  plan: workPlan,
  reproduction: workReproduction,
  validation: workValidation,
  revision: workRevision,
  "test-addition": workTestAddition,
};
