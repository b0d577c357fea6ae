import type { Verb } from "../domain/command/verbs.ts";
import type { Forge } from "../ports/forge.ts";
import { config } from "./commands/config.ts";
import type { CommandAsk, CommandHandler } from "./commands/handler.ts";
import { cancel, stop } from "./commands/order.ts";
import { bad, good } from "./commands/rate.ts";
import { envCheck, fix, plan, repro } from "./commands/run.ts";
import { retry } from "./commands/retry.ts";
import { addTest, revise } from "./commands/follow-up.ts";
import { status } from "./commands/status.ts";
import { validate } from "./commands/validate.ts";
import type { DeliveryDependencies } from "./delivery-dependencies.ts";

/** Who carries out each command; `help` is answered before. */
const handlers: {
  readonly [V in Exclude<Verb, "help">]: CommandHandler<V>;
} = {
  fix,
  retry,
  cancel,
  stop,
  revise,
  validate,
  "add-test": addTest,
  plan,
  repro,
  status,
  config,
  "env check": envCheck,
  good,
  bad,
};

/** See CommandHandler. */
export async function carryOut(
  deps: DeliveryDependencies,
  ask: CommandAsk,
  forge: Forge,
): Promise<"done" | "refused"> {
  const { verb } = ask.command;
  if (verb === "help") return "done";
  const handler = handlers[verb] as CommandHandler<Verb>;
  return handler(deps, ask, forge);
}
