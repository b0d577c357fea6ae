import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { eventName, eventNamed, relevance, webhookEvents } from "../../src/github-app/events.ts";
import { withoutAddresses } from "../../src/github-app/without-addresses.ts";

const Recorded = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
);
const file = createRequire(import.meta.url).resolve("@octokit/webhooks-examples/api.github.com/index.json");
const recorded = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
const { default_events: subscribed } = z
  .object({ default_events: z.array(z.string()) })
  .parse(parse(readFileSync("app.yml", "utf8")));

/** What the recordings that were made by other Apps, or without one, lack of what ours gets. */
const forUs = { installation: { id: 7 }, sender: { login: "maria", type: "User" } };

/** GitHub sends these without being asked. */
const always = ["installation", "installation_repositories"];
const examples = recorded
  .filter(({ name }) => subscribed.includes(name) || always.includes(name))
  .flatMap(({ name, examples }) => examples.map((payload, nth) => ({ name, payload, nth })));
const named = examples.map(
  ({ name, payload, nth }) => [`${eventName(name, payload)} ${nth}`, name, payload] as const,
);

test("there is a recording of every event that we subscribe to", () => {
  const names = new Set(examples.map(({ name }) => name));

  expect([...subscribed, ...always].filter((name) => !names.has(name))).toEqual([]);
  expect(examples.length).toBeGreaterThan(90);
});

test.each(named)("%s is understood, or none of our business", (_, name, payload) => {
  const complete = { ...payload, ...forUs };

  expect(relevance(name, complete)).not.toBe("not-understood");
  // the fields that a handler reads are where GitHub writes them, and where the store has them
  const handler = eventNamed(eventName(name, payload));
  const forms = [complete, Object(withoutAddresses(complete)) as object];
  expect(forms.map((form) => handler?.understands(form) ?? true)).toEqual([true, true]);
});

test("a recording of every event that a handler is for is read", () => {
  const names = new Set(examples.map(({ name, payload }) => eventName(name, payload)));

  const unread = webhookEvents.map(({ name }) => name).filter((name) => !names.has(name));

  // GitHub's examples have none of these
  expect(unread.toSorted()).toEqual(["pull_request.edited", "repository.deleted"]);
});
