import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Forge } from "../../src/ports/forge.ts";
import { onboard } from "../../src/runs/onboard.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const repo = (name: string) => ({ owner: "acme", name });

/** Onboards repositories of acme; gives the names of those that were asked for a pull request, in order. */
async function onboarded(
  names: readonly string[],
  {
    files = {},
    propose = () => 1,
  }: { files?: Record<string, string>; propose?: (name: string) => number } = {},
) {
  const asked: string[] = [];
  const logger = createSilentLogger();
  const source = { kind: "local", directory: "/nowhere" } as const;
  const forge: Forge = {
    ...createRecordingForge({ issues: [], branch: null, source, permissions: {}, files }),
    async proposeOnce({ name }) {
      asked.push(name);
      return propose(name);
    },
  };
  await onboard({ logger, onboarding: { publicUrl: null } }, forge, names.map(repo));
  return { asked, warnings: logger.lines.filter(({ level }) => level === "warn").map(({ text }) => text) };
}

test("the owner's settings for all of its repositories are settings, too", async () => {
  const files = { "acme/.github:.github/copatcher.yml": "enabled: true\n" };

  expect((await onboarded(["rates"], { files })).asked).toEqual([]);
});

test("the owner's repository of settings for all is left alone", async () => {
  expect((await onboarded([".github", "rates"])).asked).toEqual(["rates"]);
});

test("of a large installation the first twenty are welcomed, and the log says so", async () => {
  const names = Array.from({ length: 25 }, (_, index) => `r${index}`);

  const { asked, warnings } = await onboarded(names);

  expect(asked).toEqual(names.slice(0, 20));
  expect(warnings).toEqual(["only the first repositories are onboarded"]);
});

test("a GitHub that is away is no refusal: the delivery comes again", async () => {
  const away = new RepairError("forge-unavailable", "GitHub answered 503");
  const propose = () => {
    throw away;
  };

  await expect(onboarded(["rates"], { propose })).rejects.toBe(away);
});
