import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { RunStore } from "../src/ports/run-store.ts";
import { createApp } from "../src/github-app/app.ts";

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
  }),
  default_events: z.array(z.enum(["issues", "issue_comment"])).min(1),
});

const read = () => Manifest.parse(parse(readFileSync("app.yml", "utf8")));

/** The webhook names that the app listens to, by letting it register on a stand-in for Probot. */
function handledEvents(): readonly string[] {
  const registered: string[] = [];
  const runs: Pick<RunStore, "receive"> = { receive: () => Promise.resolve("stored") };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const register = createApp({ runs, logger: quiet });
  const standIn = { on: (names: string | readonly string[]) => void registered.push(...[names].flat()) };
  Reflect.apply(register, undefined, [standIn]);
  return registered.map((name) => name.split(".")[0] ?? "");
}

test("the manifest asks for four permissions and no more", () => {
  expect(Object.keys(read().default_permissions)).toEqual([
    "metadata",
    "contents",
    "issues",
    "pull_requests",
  ]);
});

test("the manifest subscribes to exactly the events that have a handler", () => {
  expect(new Set(read().default_events)).toEqual(new Set(handledEvents()));
});

test("the manifest's webhook address is the path that the server answers", () => {
  expect(new URL(read().hook_attributes.url).pathname).toBe("/api/github/webhooks");
});

test.each(["workflows", "administration", "secrets", "members"])("the permission %s is refused", (name) => {
  const manifest = read();
  const permissions = { ...manifest.default_permissions, [name]: "write" };

  expect(Manifest.safeParse({ ...manifest, default_permissions: permissions }).success).toBe(false);
});
