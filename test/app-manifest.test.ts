import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { neededEvents, neededPermissions } from "../src/domain/registration.ts";
import { webhookEvents } from "../src/github-app/events.ts";
import { webhookPath } from "../src/server/open-http.ts";

const Manifest = z.strictObject({
  name: z.string().min(1).max(34),
  description: z.string(),
  url: z.url({ protocol: /^https$/ }),
  public: z.literal(false),
  hook_attributes: z.strictObject({ url: z.url({ protocol: /^https$/ }), active: z.boolean() }),
  default_permissions: z.strictObject({
    metadata: z.literal("read"),
    contents: z.literal("write"),
    issues: z.literal("write"),
    pull_requests: z.literal("write"),
    checks: z.literal("write"),
  }),
  default_events: z
    .array(
      z.enum([
        "issues",
        "issue_comment",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "repository",
        "push",
        "check_run",
      ]),
    )
    .min(1),
});

const read = () => Manifest.parse(parse(readFileSync("app.yml", "utf8")));

/** GitHub sends these to every App and lets none subscribe to them. */
const unasked = new Set(["installation", "installation_repositories"]);

const handledEvents = webhookEvents
  .map(({ name }) => name.split(".")[0] ?? "")
  .filter((event) => !unasked.has(event));

test("the manifest asks for the permissions that doctor looks for, and no more", () => {
  expect(read().default_permissions).toEqual(neededPermissions);
});

test("the manifest subscribes to exactly the events that have a handler", () => {
  expect(new Set(read().default_events)).toEqual(new Set(handledEvents));
  expect(read().default_events).toEqual(neededEvents);
});

test("the manifest's webhook address is the path that the server answers", () => {
  expect(new URL(read().hook_attributes.url).pathname).toBe(webhookPath);
});

test.each(["workflows", "administration", "secrets", "members"])("the permission %s is refused", (name) => {
  const manifest = read();
  const permissions = { ...manifest.default_permissions, [name]: "write" };

  expect(Manifest.safeParse({ ...manifest, default_permissions: permissions }).success).toBe(false);
});
