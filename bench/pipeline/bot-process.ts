import { once } from "node:events";
import { createOpenAiClient } from "../../src/adapters/openai/client.ts";
import { rememberReadings } from "../../src/languages/remembered.ts";
import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { roles, type Role } from "../../src/domain/transcript.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { BotOrder, warmUpIssue, type BotResult } from "./process-orders.ts";
import { deployments } from "./deployments.ts";
import { modelSideOnly } from "./measure.ts";
import { createDraws } from "./workload/draws.ts";
import { createSession } from "./workload/session.ts";
import { contextOf, makeSurroundings, silent } from "./world.ts";

/**
 * The product's pipeline with its real client, in a process of its own: `bot-process.ts ORDER`. Tells its parent
 * when it is warm, goes on when it is told to, and tells what that took.
 */
const order = BotOrder.parse(JSON.parse(process.argv[2] ?? "null"));
const plain = await makeSurroundings();
const surroundings = order.remembers ? { ...plain, language: rememberReadings(plain.language) } : plain;
const clock = createSystemClock();
const served = deployments["fp8-2+1"].roles;
const endpointsOf = (role: Role) =>
  served[role].map((model) => ({ baseUrl: order.url, model, apiKey: null, system: null }));
const client = createOpenAiClient({
  endpoints: {
    "loc-gen": endpointsOf("loc-gen"),
    "val-assert": endpointsOf("val-assert"),
    "val-no-assert": endpointsOf("val-no-assert"),
  },
  concurrency: 64,
  clock,
  logger: silent,
});
const signal = new AbortController().signal;
await Promise.all(roles.map((role) => client.window(role, signal)));

const repairIssue = (issue: number) => {
  const session = createSession(clock, createDraws(order.seed, issue), modelSideOnly);
  return repair(contextOf(surroundings, issue, client, session));
};

await repairIssue(warmUpIssue);
process.send?.({ warm: true });
await once(process, "message");
const startedAt = performance.now();
const before = process.cpuUsage();
await Promise.all(Array.from({ length: order.issues }, (_, issue) => repairIssue(issue)));
const { user, system } = process.cpuUsage(before);
process.send?.({
  seconds: (performance.now() - startedAt) / 1_000,
  cpuSeconds: (user + system) / 1e6,
  memoryMb: process.resourceUsage().maxRSS / 1_024,
} satisfies BotResult);
process.disconnect();
