import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import { keepClosedHead } from "./git-refs.ts";
import { withRealCommits } from "./pull-requests.ts";
import type { Site } from "./route.ts";

type Payload = Readonly<Record<string, unknown>>;

const LabelName = z.object({ name: z.string() });
const Closed = z.object({
  action: z.literal("closed"),
  pull_request: z.looseObject({ number: z.int(), head: z.looseObject({ ref: z.string() }) }),
});
const Issue = z.looseObject({ number: z.int() });
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
  const closed = Closed.safeParse(payload).data?.pull_request;
  if (closed !== undefined) await keepClosedHead(site, closed.number, closed.head.ref);
  if ("pull_request" in payload) {
    changed["pull_request"] = await withRealCommits(site, payload["pull_request"]);
  }
  if ("comment" in payload && "issue" in payload) {
    changed["issue"] = await withPullRequest(site, emulated, Issue.parse(payload["issue"]));
  }
  return { ...payload, ...changed };
}

/** GitHub says of an issue that is a pull request where that is. */
async function withPullRequest(
  site: Site,
  emulated: Pick<EmulatedGitHub, "as">,
  issue: z.infer<typeof Issue>,
): Promise<Payload> {
  const path = `/repos/${site.owner}/${site.name}/pulls/${issue.number}`;
  const isPull = await emulated.as(site.owner, "GET", path).then(
    () => true,
    () => false,
  );
  return isPull ? { ...issue, pull_request: { url: `${site.url}${path}` } } : issue;
}
