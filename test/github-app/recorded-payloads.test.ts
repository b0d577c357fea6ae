import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { eventName, eventNamed, relevance, webhookEvents } from "../../src/github-app/events.ts";
import { withoutAddresses } from "../../src/github-app/without-addresses.ts";
import { recordedDeliveries } from "./recorded-deliveries.ts";

const { default_events: subscribed } = z
  .object({ default_events: z.array(z.string()) })
  .parse(parse(readFileSync("app.yml", "utf8")));

/** GitHub sends these without being asked. */
const always = ["installation", "installation_repositories"];
const examples = recordedDeliveries.filter(({ name }) => subscribed.includes(name) || always.includes(name));
const named = examples.map(
  ({ name, payload, nth }) => [`${eventName(name, payload)} ${nth}`, name, payload] as const,
);

test("there is a recording of every event that we subscribe to", () => {
  const names = new Set(examples.map(({ name }) => name));

  expect([...subscribed, ...always].filter((name) => !names.has(name))).toEqual([]);
  expect(examples.length).toBeGreaterThan(90);
});

test.each(named)("%s is understood, or none of our business", (_, name, complete) => {
  expect(relevance(name, complete)).not.toBe("not-understood");
  // the fields that a handler reads are where GitHub writes them, and where the store has them
  const handler = eventNamed(eventName(name, complete));
  const forms = [complete, Object(withoutAddresses(complete)) as object];
  expect(forms.map((form) => handler?.understands(form) ?? true)).toEqual([true, true]);
});

test("a recording of every event that a handler is for is read", () => {
  const names = new Set(examples.map(({ name, payload }) => eventName(name, payload)));

  const unread = webhookEvents.map(({ name }) => name).filter((name) => !names.has(name));

  // GitHub's examples have none of these
  expect(unread.toSorted()).toEqual(["pull_request.edited", "repository.deleted"]);
});
