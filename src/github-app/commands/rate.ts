import type { Forge } from "../../ports/forge.ts";
import { noticeText, type Notice } from "../../report/notice.ts";
import { refusalFor } from "../../runs/authorize.ts";
import { commentMarker } from "../../runs/markers.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";

/** A word of praise or blame, kept with the run that opened the pull request. */
const rate =
  (rating: "good" | "bad") =>
  async (deps: DeliveryDependencies, ask: CommandAsk, forge: Forge): Promise<"done" | "refused"> => {
    const { issue, sender, at } = ask;
    const { repo, number } = issue.ref;
    const tell = (notice: Notice): Promise<number> =>
      forge.upsertComment(issue.ref, commentMarker("notice", issue.ref), noticeText(notice));
    const { permissions } = await settingsForRequest(deps, forge, repo);
    const refusal = await refusalFor(deps, forge, permissions, { repo, sender, right: "status" });
    if (refusal !== null) {
      await tell(refusal);
      return "refused";
    }
    const feedback = { what: "rated", rating, text: ask.command.text, by: sender, at } as const;
    const kept = await deps.recordFeedback({ repo, number, feedback });
    await tell(
      kept ? { kind: "feedback-kept", verb: rating } : { kind: "not-our-pull-request", verb: rating },
    );
    return kept ? "done" : "refused";
  };

export const good: CommandHandler<"good"> = rate("good");
export const bad: CommandHandler<"bad"> = rate("bad");
