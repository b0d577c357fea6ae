import { createHmac, randomUUID } from "node:crypto";
import { Pool } from "undici";
import { webhookPath } from "../../src/server/open-http.ts";
import type { Load, LoadResult } from "./load-result.ts";
import { commented, labeled, pullRequestClosed, pullRequestLabeled, type Sample } from "./payloads.ts";
import { hookSecret } from "./served.ts";

/** The load generator, in a process of its own: it is told what to send and answers with what it saw. */
type Hook = {
  readonly guid: string;
  readonly event: string;
  readonly signature: string;
  readonly body: Buffer;
};

/** Deliveries of our events that concern nothing of ours, as a repository has them all day. */
const irrelevant = (number: number): Sample =>
  [
    pullRequestLabeled(number + 1),
    commented(number, "I see this too, since 4.2.1; a workaround is to pass the last day yourself."),
    pullRequestLabeled(number),
    commented(number, "Thanks! Could you add a test?"),
  ][number % 4] ?? pullRequestLabeled(number);

/** Deliveries that start or change a run. */
const ours = (number: number): Sample =>
  [labeled(number, "copatcher"), commented(number, "/copatcher fix"), pullRequestClosed(number)][
    number % 3
  ] ?? labeled(number, "copatcher");

/** `count` deliveries, one in ten of them an earlier one again. */
function storm(kind: Load["kind"], count: number): readonly Hook[] {
  const hooks: Hook[] = [];
  for (let number = 0; number < count; number++) {
    const earlier = number % 10 === 9 ? hooks[number - 5] : undefined;
    if (earlier !== undefined) {
      hooks.push(earlier);
      continue;
    }
    const { event, payload } = kind === "ours" ? ours(number + 1) : irrelevant(number + 1);
    const body = Buffer.from(JSON.stringify(payload));
    const signature = `sha256=${createHmac("sha256", hookSecret).update(body).digest("hex")}`;
    hooks.push({ guid: randomUUID(), event, signature, body });
  }
  return hooks;
}

async function send(pool: Pool, hook: Hook): Promise<number> {
  try {
    const { statusCode, body } = await pool.request({
      path: webhookPath,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/bench",
        "x-github-event": hook.event,
        "x-github-delivery": hook.guid,
        "x-hub-signature-256": hook.signature,
      },
      body: hook.body,
    });
    await body.dump();
    return statusCode;
  } catch {
    return 0;
  }
}

async function run(load: Load): Promise<LoadResult> {
  const hooks = storm(load.kind, load.count);
  const pool = new Pool(`http://127.0.0.1:${load.port}`, { connections: load.connections });
  const accepted = new Set<string>();
  const latencies: number[] = [];
  let refused = 0;
  if (load.throughOutage) process.send?.({ began: true });
  const start = performance.now();
  const stopAt = start + load.seconds * 1000;
  let sent = 0;

  async function one(due: number): Promise<void> {
    const hook = hooks[sent++ % hooks.length];
    if (hook === undefined) return;
    let status = await send(pool, hook);
    while (status === 0 && load.throughOutage && performance.now() < stopAt) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      status = await send(pool, hook);
    }
    latencies.push(performance.now() - due);
    if (status >= 200 && status < 300) accepted.add(hook.guid);
    else refused++;
  }

  const { perSecond } = load;
  if (perSecond === null) {
    const sender = async (): Promise<void> => {
      while (performance.now() < stopAt && sent < hooks.length) await one(performance.now());
    };
    await Promise.all(Array.from({ length: load.connections }, sender));
  } else {
    // each has its time, whether or not those before it were answered
    const all: Promise<void>[] = [];
    for (let index = 0; index < Math.min(hooks.length, perSecond * load.seconds); index++) {
      const due = start + (index * 1000) / perSecond;
      const ahead = due - performance.now();
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
      all.push(one(due));
    }
    await Promise.all(all);
  }
  const seconds = (performance.now() - start) / 1000;
  await pool.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return {
    perSecond: (latencies.length - refused) / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    refused,
    accepted: [...accepted],
  };
}

process.once("disconnect", () => process.exit(1));
process.on("message", (load: Load) => {
  void run(load).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
