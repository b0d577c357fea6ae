import type { RunKind } from "../../domain/run.ts";
import type { Forge } from "../../ports/forge.ts";
import { notify } from "../../runs/notify.ts";
import { requestRun } from "../../runs/request-run.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";
import { asked, runAsk } from "./run.ts";

/** A run on a pull request of ours. */
const followUp =
  (verb: "revise" | "add-test", kind: RunKind) =>
  async (deps: DeliveryDependencies, ask: CommandAsk, forge: Forge): Promise<"done" | "refused"> => {
    const { ref } = ask.issue;
    if ((await runBehind(deps, ask)) === null) {
      await notify(forge, ref, { kind: "not-our-pull-request", verb });
      return "refused";
    }
    return asked(await requestRun(deps, runAsk(kind, ask, { pullRequest: ref.number })));
  };

/** One more commit that answers the open review threads. */
export const revise: CommandHandler<"revise"> = followUp("revise", "revision");
/** One more commit with a test. */
export const addTest: CommandHandler<"add-test"> = followUp("add-test", "test-addition");
