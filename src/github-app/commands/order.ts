import { orderRun } from "../../runs/order-run.ts";
import { runsBefore } from "../../runs/runs-before.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";

const order =
  (verb: "cancel" | "stop") =>
  async (deps: DeliveryDependencies, ask: CommandAsk): Promise<"done" | "refused"> => {
    const { installation, sender, app, at, comment } = ask;
    const said = { at, comment };
    const live = await runsBefore(deps.runs, ask.issue.ref, said);
    // on a pull request its own runs come first, then those of the issue behind it
    const behind = live.length > 0 || !ask.onPullRequest ? null : await runBehind(deps, ask);
    const issue = behind?.issue.ref ?? ask.issue.ref;
    return orderRun(deps, { verb, installation, issue, sender, app, said, answerAt: ask.issue.ref });
  };

export const cancel: CommandHandler<"cancel"> = order("cancel");
export const stop: CommandHandler<"stop"> = order("stop");
