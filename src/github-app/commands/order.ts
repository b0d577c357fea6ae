import { orderRun } from "../../runs/order-run.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";

const order =
  (verb: "cancel" | "stop") =>
  async (deps: DeliveryDependencies, ask: CommandAsk): Promise<"done" | "refused"> => {
    const { installation, sender, app } = ask;
    const live = await deps.runs.live(ask.issue.ref);
    // on a pull request its own runs come first, then those of the issue behind it
    const behind = live.length > 0 || !ask.onPullRequest ? null : await runBehind(deps, ask);
    const issue = behind?.issue.ref ?? ask.issue.ref;
    return orderRun(deps, { verb, installation, issue, sender, app, answerAt: ask.issue.ref });
  };

export const cancel: CommandHandler<"cancel"> = order("cancel");
export const stop: CommandHandler<"stop"> = order("stop");
