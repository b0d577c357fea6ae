import { asRepairError } from "../../domain/errors.ts";
import { effectiveText } from "../../report/effective-settings.ts";
import { inlineCode } from "../../report/markdown.ts";
import { commentMarker } from "../../runs/markers.ts";
import { effectiveSettings } from "../../runs/settings-request.ts";
import type { CommandHandler } from "./handler.ts";
import { mayAsk } from "./may-ask.ts";

/** The settings that hold, each with who says it; a file that is not valid is answered with its problems. */
export const config: CommandHandler<"config"> = async (deps, ask, forge) => {
  const { ref } = ask.issue;
  if (!(await mayAsk(deps, ask, forge))) return "refused";
  const text = await effectiveSettings(deps, forge, ref.repo).then(effectiveText, (error: unknown) => {
    const known = asRepairError(error);
    if (known.code !== "settings-invalid") throw error;
    return `**The settings are not valid, so no run begins.** ${inlineCode(known.message, 2_000)}\n\n**Next step:** ${known.help}`;
  });
  await forge.upsertComment(ref, commentMarker("config", ref), text);
  return "done";
};
