import { asRepairError } from "../../domain/errors.ts";
import { effectiveText } from "../../report/effective-settings.ts";
import { inlineCode } from "../../report/markdown.ts";
import { noticeText } from "../../report/notice.ts";
import { refusalFor } from "../../runs/authorize.ts";
import { commentMarker } from "../../runs/markers.ts";
import { effectiveSettings, settingsForRequest } from "../../runs/settings-request.ts";
import type { CommandHandler } from "./handler.ts";

/** The settings that hold, each with who says it; a file that is not valid is answered with its problems. */
export const config: CommandHandler<"config"> = async (deps, ask, forge) => {
  const { ref } = ask.issue;
  const { permissions } = await settingsForRequest(deps, forge, ref.repo);
  const applicant = { repo: ref.repo, sender: ask.sender, right: "status" } as const;
  const refusal = await refusalFor(deps, forge, permissions, applicant);
  if (refusal !== null) {
    await forge.upsertComment(ref, commentMarker("notice", ref), noticeText(refusal));
    return "refused";
  }
  const text = await effectiveSettings(deps, forge, ref.repo).then(effectiveText, (error: unknown) => {
    const known = asRepairError(error);
    if (known.code !== "settings-invalid") throw error;
    return `**The settings are not valid, so no run begins.** ${inlineCode(known.message, 2_000)}\n\n**Next step:** ${known.help}`;
  });
  await forge.upsertComment(ref, commentMarker("config", ref), text);
  return "done";
};
