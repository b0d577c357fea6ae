import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { Forge } from "../../ports/forge.ts";
import { refusalFor } from "../../runs/authorize.ts";
import { notify } from "../../runs/notify.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import type { CommandAsk } from "./handler.ts";

/** Whether the sender may have answers and give feedback here; who may not is told why. */
export async function mayAsk(
  deps: DeliveryDependencies,
  { issue, sender, app }: Pick<CommandAsk, "issue" | "sender" | "app">,
  forge: Forge,
): Promise<boolean> {
  const { repo } = issue.ref;
  const { permissions } = await settingsForRequest(deps, forge, repo);
  const refusal = await refusalFor(deps, forge, permissions, { repo, sender, app, right: "status" });
  if (refusal !== null) await notify(forge, issue.ref, refusal);
  return refusal === null;
}
