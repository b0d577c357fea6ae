import { notify } from "../../runs/notify.ts";
import { requestRun } from "../../runs/request-run.ts";
import { asked, runAsk } from "./run.ts";
import type { CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";

/** A new attempt at the issue as it is now, or, on a pull request of ours, as it was when that was asked for. */
export const retry: CommandHandler<"retry"> = async (deps, ask, forge) => {
  const earlier = await runBehind(deps, ask);
  if (earlier?.kind !== "repair") {
    await notify(forge, ask.issue.ref, { kind: "nothing-to-retry" });
    return "refused";
  }
  const judges = ask.command.options.from === "validate" ? { judges: earlier.judges ?? earlier.id } : {};
  const issue = ask.onPullRequest ? earlier.issue : ask.issue;
  const { hint, base, path } = earlier;
  const again = {
    ...(hint === undefined ? {} : { hint }),
    ...(base === undefined ? {} : { base }),
    ...(path === undefined ? {} : { path }),
  };
  return asked(await requestRun(deps, { ...again, ...runAsk("repair", ask, { issue, ...judges }) }));
};
