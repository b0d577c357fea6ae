import { z } from "zod";
import type { EmulatedGitHub } from "./emulator.ts";
import type { Site } from "./route.ts";
import type { SentWebhook, Webhooks } from "./webhooks.ts";

const Fields = z.record(z.string(), z.unknown());

/** How people cause webhooks that emulate does not send. */
export type ToldBy = {
  /** What GitHub answers its owner at a path. */
  readonly look: (path: string) => Promise<Record<string, unknown>>;
  /** Sends an event of `sender` with what every event has; waits for the bot's answer. */
  readonly tell: (event: string, sender: string, payload: object) => Promise<SentWebhook>;
};

export function toldBy(
  site: Site,
  deps: {
    readonly emulated: Pick<EmulatedGitHub, "as">;
    readonly webhooks: Webhooks;
    readonly installationId: number;
  },
): ToldBy {
  const look = async (path: string) => Fields.parse(await deps.emulated.as(site.owner, "GET", path));
  return {
    look,
    tell: async (event, sender, payload) =>
      deps.webhooks.send(event, {
        ...payload,
        repository: await look(`/repos/${site.owner}/${site.name}`),
        sender: await look(`/users/${sender}`),
        installation: { id: deps.installationId, node_id: "INSTALLATION" },
      }),
  };
}
