import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import { withRealCommits } from "./pull-requests.ts";
import type { Site } from "./route.ts";

type Payload = Readonly<Record<string, unknown>>;

const LabelName = z.object({ name: z.string() });
const Label = z.looseObject({ id: z.number(), name: z.string() });

/** emulate's payload with what GitHub's has and it lacks: the label whole, commits that exist. */
export async function completedPayload(
  site: Site,
  emulated: Pick<EmulatedGitHub, "as">,
  payload: Payload,
): Promise<Payload> {
  const label = LabelName.safeParse(payload["label"]);
  const changed: Record<string, unknown> = {};
  if (label.success) {
    const path = `/repos/${site.owner}/${site.name}/labels/${encodeURIComponent(label.data.name)}`;
    changed["label"] = Label.parse(await emulated.as(site.owner, "GET", path));
  }
  if ("pull_request" in payload) {
    changed["pull_request"] = await withRealCommits(site, payload["pull_request"]);
  }
  return { ...payload, ...changed };
}
