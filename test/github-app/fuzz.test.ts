import {
  array,
  assert as assertProperty,
  asyncProperty,
  constant,
  constantFrom,
  jsonValue,
  nat,
  oneof,
  record,
  string as anyString,
  tuple,
  uint8Array,
} from "fast-check";
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as samples from "../../bench/webhooks/payloads.ts";
import { checkPressed, pullRequestPushed, pushed } from "../../bench/webhooks/repository-payloads.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { handleDelivery } from "../../src/github-app/handle-delivery.ts";
import { receiveWebhook } from "../../src/github-app/receive-webhook.ts";
import type { Delivery } from "../../src/ports/run-store.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const secret = "a secret for tests";

/** Every delivery that we act on, and some that concern nothing of ours, whole as GitHub sends them. */
const valid: readonly samples.Sample[] = [
  samples.labeled(12, "copatcher"),
  samples.labeled(12, "bug"),
  samples.commented(12, "/copatcher fix"),
  samples.commented(12, "me too"),
  samples.pullRequestClosed(40),
  samples.pullRequestLabeled(41),
  samples.reviewed(40),
  samples.remarked(40),
  samples.issueDeleted(12),
  samples.repositoryDeleted(),
  samples.repositoriesRemoved(),
  samples.uninstalled(),
  pullRequestPushed(41),
  pushed(".github/copatcher.yml"),
  pushed("README.md"),
  checkPressed("run-1"),
];
const concerns = new Set([0, 1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15]);

type Path = readonly (string | number)[];

/** The fields that any reader of ours looks at, and with them some that none does. */
function pathsOf(value: unknown, depth = 4): readonly Path[] {
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...pathsOf(inner, depth - 1).map((path) => [name, ...path]),
  ]);
}

const hostile = constantFrom(
  "",
  "\u0000",
  "\ud800",
  "copatcher",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "a/b/c",
  "'; drop table run; --",
  "<!-- copatcher:progress:issue=1 -->",
  "/copatcher fix",
  "x".repeat(70_000),
  "\u202e\u200b",
);
const value = oneof(
  hostile,
  constantFrom(null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [null], { toString: 1, __proto__: null }),
  jsonValue({ maxDepth: 3 }),
);
const change = record({
  at: nat(),
  to: oneof(
    constant({ kind: "gone" as const }),
    value.map((to) => ({ kind: "other" as const, to })),
  ),
});

function changed(
  sample: samples.Sample,
  changes: readonly { at: number; to: { kind: "gone" } | { kind: "other"; to: unknown } }[],
): unknown {
  const copy: unknown = structuredClone(sample.payload);
  const paths = pathsOf(copy);
  for (const { at, to } of changes) {
    const path = paths[at % paths.length] ?? [];
    let inner: unknown = copy;
    for (const name of path.slice(0, -1))
      inner = typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined;
    const last = path.at(-1);
    if (typeof inner !== "object" || inner === null || last === undefined) continue;
    if (to.kind === "gone") Reflect.deleteProperty(inner, last);
    else
      Reflect.defineProperty(inner, last, {
        value: to.to,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return copy;
}

/** A delivery by its place in `valid` and what is wrong with it, so that a counterexample can be read. */
const mutation = tuple(nat(valid.length - 1), array(change, { minLength: 1, maxLength: 4 }));

function mutated([index, changes]: [number, Parameters<typeof changed>[1]]) {
  const sample = valid[index] ?? samples.uninstalled();
  return { event: sample.event, body: bytesOf(changed(sample, changes)) };
}

async function receive(event: string, body: Buffer, signature?: string) {
  const stored: Delivery[] = [];
  const answer = await receiveWebhook(
    { secret, logger: createSilentLogger(), runs: { receive: async (one) => (stored.push(one), "stored") } },
    { id: "d1", event, form: "json", signature: signature ?? sign(body) },
    body,
  );
  return { stored, answer };
}

const sign = (body: Buffer): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const bytesOf = (payload: unknown): Buffer => Buffer.from(JSON.stringify(payload) ?? "");

/** The text at a path, empty when there is none. */
function text(payload: unknown, ...path: readonly string[]): string {
  let value = payload;
  for (const name of path)
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : null;
  return typeof value === "string" ? value : "";
}

function isPushOfSettings(payload: unknown): boolean {
  const { commits, forced, deleted } = Object(payload) as Readonly<Record<string, unknown>>;
  const branch = text(payload, "ref").replace(/^refs\/heads\//, "");
  if (deleted === true || branch !== text(payload, "repository", "default_branch")) return false;
  if (text(payload, "ref") === branch) return false;
  return (
    forced === true ||
    (Array.isArray(commits) && /"(\.github\/|\.)copatcher\.yml"/.test(JSON.stringify(commits)))
  );
}

/** Said in other words than the code's: whether GitHub means us. */
function meansUs(event: string, payload: unknown): boolean {
  const person = text(payload, "sender", "type") !== "Bot";
  switch (`${event}.${text(payload, "action")}`) {
    case "issues.labeled":
      return person && text(payload, "label", "name") !== "";
    case "issue_comment.created":
      return person && /^\/copatcher( |$)/m.test(text(payload, "comment", "body"));
    case "issues.deleted":
    case "repository.deleted":
    case "installation.deleted":
    case "installation_repositories.removed":
      return true;
    case "pull_request.synchronize":
      return person;
    case "push.":
      return isPushOfSettings(payload);
    case "check_run.requested_action":
      return person && /^(?:validation:|config:[1-9]\d*$)/.test(text(payload, "check_run", "external_id"));
    case "pull_request.closed":
    case "pull_request_review.submitted":
    case "pull_request_review_comment.created":
      return (
        text(payload, "pull_request", "user", "type") === "Bot" &&
        text(payload, "pull_request", "user", "login") !== text(payload, "sender", "login")
      );
    default:
      return false;
  }
}

describe("whatever GitHub may send", () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  beforeAll(() => void process.on("unhandledRejection", note));
  afterAll(() => void process.off("unhandledRejection", note));

  test.each(valid.map((sample, index) => [`${sample.event} ${index}`, sample, concerns.has(index)] as const))(
    "%s is stored exactly when it concerns us",
    async (_title, { event, payload }, ours) => {
      const { stored, answer } = await receive(event, bytesOf(payload));

      expect(answer.status).toBe(200);
      expect(stored).toHaveLength(ours ? 1 : 0);
      expect(meansUs(event, payload)).toBe(ours);
    },
  );

  test("what concerns us is stored or refused, and whatever is stored can be handled", async () => {
    const seen = { stored: 0, refused: 0, ignored: 0 };
    await assertProperty(
      asyncProperty(mutation, async (chosen) => {
        const { event, body } = mutated(chosen);
        const { stored, answer } = await receive(event, body);
        const ours = meansUs(event, JSON.parse(body.toString()));

        const end = answer.status !== 200 ? "refused" : stored.length > 0 ? "stored" : "ignored";
        const told = { stored: [200, 1, true], refused: [422, 0, true], ignored: [200, 0, false] }[end];
        expect([answer.status, stored.length, ours]).toEqual(told);
        seen[end]++;
        for (const delivery of stored) await handled(delivery);
      }),
      { numRuns: 600 },
    );
    // the mutations hit and miss
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
    expect(unhandled).toEqual([]);
  });

  test("no bytes are believed without their signature, and none make it crash", async () => {
    const bytes = uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    const broken = tuple(mutation, nat(), nat(255)).map(([chosen, at, byte]) => {
      const { body } = mutated(chosen);
      if (body.length > 0) body[at % body.length] = byte;
      return at % 3 === 0 ? body.subarray(0, at % (body.length + 1)) : body;
    });
    await assertProperty(
      asyncProperty(oneof(bytes, broken), anyString(), async (body, signature) => {
        const believed = await receive("issues", body);
        const forged = await receive("issues", body, signature);

        expect([200, 400, 422]).toContain(believed.answer.status);
        expect([forged.answer.status, forged.stored.length]).toEqual([401, 0]);
      }),
      { numRuns: 300 },
    );
    expect(unhandled).toEqual([]);
  });
});

/** The worker's half, with everything around it in memory: it must come to an end. */
async function handled(delivery: Delivery): Promise<void> {
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
      data: { remove: async () => ({}) },
      runOfPullRequest: async () => null,
      onboarding: null,
      recordFeedback: async () => true,
    },
    delivery.id,
  );
}
