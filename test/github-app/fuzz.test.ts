import {
  array,
  assert as assertProperty,
  asyncProperty,
  nat,
  oneof,
  string as anyString,
  tuple,
  uint8Array,
} from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as samples from "../../bench/webhooks/payloads.ts";
import {
  checkCompleted,
  checkPressed,
  pullRequestPushed,
  pushed,
} from "../../bench/webhooks/repository-payloads.ts";
import { eventName, eventNamed } from "../../src/github-app/events.ts";
import { change, damaged, type Change } from "./damaged-payloads.ts";
import { handledAlone, receive } from "./both-halves.ts";
import { recordedDeliveries } from "./recorded-deliveries.ts";

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
  samples.issueReopened(12),
  checkCompleted("copatcher/issue-12"),
  checkCompleted("fix/rounding"),
];
const concerns = new Set([0, 1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17]);

/** A delivery by its place in `valid` and what is wrong with it, so that a counterexample can be read. */
const mutation = tuple(nat(valid.length - 1), array(change, { minLength: 1, maxLength: 4 }));

function mutated([index, changes]: [number, readonly Change[]]) {
  const sample = valid[index] ?? samples.uninstalled();
  return { event: sample.event, body: bytesOf(damaged(sample.payload, changes)) };
}

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
    case "issues.reopened":
      return person;
    case "check_run.completed":
      return (
        text(payload, "check_run", "check_suite", "head_branch").startsWith("copatcher/") &&
        !/^(?:validation|config):/.test(text(payload, "check_run", "external_id"))
      );
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
        for (const delivery of stored) await handledAlone(delivery);
      }),
      { numRuns: 600 },
    );
    // the mutations hit and miss
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
    expect(unhandled).toEqual([]);
  });

  test("what GitHub once sent, damaged, is stored, refused or ignored, and whatever is stored can be handled", async () => {
    const seen = { stored: 0, refused: 0, ignored: 0 };
    const known = recordedDeliveries.filter(({ name, payload }) => eventNamed(eventName(name, payload)));
    const recorded = tuple(nat(known.length - 1), array(change, { minLength: 1, maxLength: 4 }));
    await assertProperty(
      asyncProperty(recorded, async ([index, changes]) => {
        const { name = "", payload = {} } = known[index] ?? {};
        const { stored, answer } = await receive(name, bytesOf(damaged(payload, changes)));

        const end = answer.status !== 200 ? "refused" : stored.length > 0 ? "stored" : "ignored";
        expect([200, 422]).toContain(answer.status);
        seen[end]++;
        for (const delivery of stored) await handledAlone(delivery);
      }),
      { numRuns: 600 },
    );
    expect(seen.stored).toBeGreaterThan(20);
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
