import { createHmac } from "node:crypto";
import { unlimited } from "../../src/domain/limits.ts";
import { handleDelivery } from "../../src/github-app/handle-delivery.ts";
import { receiveWebhook } from "../../src/github-app/receive-webhook.ts";
import type { Delivery } from "../../src/ports/run-store.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const secret = "a secret for tests";

const sign = (body: Buffer): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

/** The web process' half: what it answers, and what it would store. */
export async function receive(event: string, body: Buffer, signature?: string) {
  const stored: Delivery[] = [];
  const answer = await receiveWebhook(
    { secret, logger: createSilentLogger(), runs: { receive: async (one) => (stored.push(one), "stored") } },
    { id: "d1", event, form: "json", signature: signature ?? sign(body) },
    body,
  );
  return { stored, answer };
}

/** The worker's half, with everything around it in memory: it must come to an end. */
export async function handledAlone(delivery: Delivery): Promise<void> {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  await runs.receive(delivery);
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: { "maria-holm": "write" },
  });
  await handleDelivery(
    {
      runs,
      forges,
      logger: createSilentLogger(),
      policy: { limits: unlimited, newer: "refuse" },
      data: { remove: async () => ({}), rename: async () => ({}), installationsOf: async () => [] },
      runOfPullRequest: async () => null,
      onboarding: null,
      recordFeedback: async () => true,
    },
    delivery.id,
  );
}
