import { setTimeout as sleep } from "node:timers/promises";
import { maintainer } from "./names.ts";
import { issueText } from "./project.ts";
import { requestedIssues, requestWebhooks } from "./request-webhooks.ts";
import type { World } from "./world.ts";

/** People who ask for repairs all the time, whatever happens to the bot. */
export type Traffic = {
  /** Issues whose repair was asked for, with the bot's closing word on each that has one. */
  issues(): ReadonlyMap<number, string | null>;
  /** The most comments with one marker that an issue was seen to have at a time. */
  mostComments(): ReadonlyMap<string, number>;
  /** No further issues; what is open is watched until `stop`. */
  close(): void;
  stop(): Promise<void>;
};

const everyMs = 700;
/** One delivery in so many comes twice. */
const repeatEvery = 10;

const trigger = "copatcher";
const unfinished = /\*\*Copatcher is (?:queued|working on this issue|checking|waiting)/;

export const markerOf = (body: string): string => body.split("\n", 1)[0] ?? "";

/** Keeps `live` issues under way. */
export function startTraffic({ github }: World, live: number): Traffic {
  const issues = new Map<number, string | null>();
  const most = new Map<string, number>();
  const repeated = new Set<string>();
  let accepting = true;
  const stopping = new AbortController();

  async function request(): Promise<void> {
    const { title, body } = issueText(issues.size + 1);
    const number = await github.openIssue(title, body, "jonas");
    issues.set(number, null);
    await github.addLabel(number, trigger, maintainer);
  }

  /** Our own GitHub may have been too busy for the label: without it nobody asked for anything. */
  async function askAgain(number: number): Promise<void> {
    if (requestedIssues(github.webhooks()).has(number)) return;
    const { labels } = await github.issue(number);
    if (!labels.includes(trigger)) await github.addLabel(number, trigger, maintainer);
  }

  async function look(number: number): Promise<void> {
    const own = (await github.comments(number)).filter(({ body }) => body.startsWith("<!-- copatcher:"));
    for (const { body } of own) {
      const key = `${number} ${markerOf(body)}`;
      const count = own.filter((other) => markerOf(other.body) === markerOf(body)).length;
      most.set(key, Math.max(most.get(key) ?? 0, count));
    }
    if (own.length === 0) await askAgain(number);
    const progress = own.filter(({ body }) => body.startsWith("<!-- copatcher:progress:"));
    const last = progress.find(({ body }) => !unfinished.test(body));
    if (last !== undefined) issues.set(number, last.body);
  }

  async function repeatOne(): Promise<void> {
    const labels = requestWebhooks(github.webhooks());
    const due = labels.filter(({ redelivery }, place) => !redelivery && place % repeatEvery === 0);
    const next = due.find(({ id, status }) => status !== null && !repeated.has(id));
    if (next === undefined) return;
    repeated.add(next.id);
    await github.redeliver(next);
  }

  async function turn(): Promise<void> {
    const open = [...issues].flatMap(([number, end]) => (end === null ? [number] : []));
    for (const number of open) await look(number);
    await repeatOne();
    if (accepting && open.length < live) await request();
  }

  const done = (async () => {
    while (!stopping.signal.aborted) {
      // a connection to our own GitHub that was about to be closed; the next turn has another
      await turn().catch(() => {});
      await sleep(everyMs);
    }
  })();
  return {
    issues: () => issues,
    mostComments: () => most,
    close() {
      accepting = false;
    },
    async stop() {
      accepting = false;
      stopping.abort();
      await done;
    },
  };
}
