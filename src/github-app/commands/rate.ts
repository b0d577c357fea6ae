import type { Forge } from "../../ports/forge.ts";
import { notify } from "../../runs/notify.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";
import { mayAsk } from "./may-ask.ts";

/** A word of praise or blame, kept with the run that opened the pull request. */
const rate =
  (rating: "good" | "bad") =>
  async (deps: DeliveryDependencies, ask: CommandAsk, forge: Forge): Promise<"done" | "refused"> => {
    if (!(await mayAsk(deps, ask, forge))) return "refused";
    const { issue, sender, at } = ask;
    const { repo, number } = issue.ref;
    const feedback = { what: "rated", rating, text: ask.command.text, by: sender, at } as const;
    const kept = await deps.recordFeedback({ repo, number, feedback });
    const kind = kept ? "feedback-kept" : "not-our-pull-request";
    await notify(forge, issue.ref, { kind, verb: rating });
    return kept ? "done" : "refused";
  };

export const good: CommandHandler<"good"> = rate("good");
export const bad: CommandHandler<"bad"> = rate("bad");
