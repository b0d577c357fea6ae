import { notify } from "../../runs/notify.ts";
import { requestRun } from "../../runs/request-run.ts";
import type { CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";
import { asked, runAsk } from "./run.ts";

/** One more commit that answers the open review threads of a pull request of ours. */
export const revise: CommandHandler<"revise"> = async (deps, ask, forge) => {
  const { ref } = ask.issue;
  if ((await runBehind(deps, ask)) === null) {
    await notify(forge, ref, { kind: "not-our-pull-request", verb: "revise" });
    return "refused";
  }
  return asked(await requestRun(deps, runAsk("revision", ask, { pullRequest: ref.number })));
};
