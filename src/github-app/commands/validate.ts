import { requestRun } from "../../runs/request-run.ts";
import type { CommandHandler } from "./handler.ts";
import { asked, runAsk } from "./run.ts";

/** Scripts and tests on somebody's pull request. */
export const validate: CommandHandler<"validate"> = async (deps, ask) =>
  asked(await requestRun(deps, runAsk("validation", ask, { pullRequest: ask.issue.ref.number })));
