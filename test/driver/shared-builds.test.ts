import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { createSharedBuilds } from "../../src/driver/shared-builds.ts";
import { cancelled } from "../../src/driver/slots.ts";

const never = new AbortController().signal;

test("hands the one that waits the build when the first is cancelled by its own caller", async () => {
  const builds = createSharedBuilds<string>();
  const stop = new AbortController();
  const first = builds.share(
    "key",
    stop.signal,
    () => new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(cancelled()))),
  );
  const second = builds.share("key", never, () => Promise.resolve("built by the second"));

  stop.abort();

  await expect(first).rejects.toMatchObject({ code: "cancelled" });
  expect(await second).toEqual({ value: "built by the second", shared: false });
});

test("lets all that wait fail together, and the next one try again", async () => {
  const builds = createSharedBuilds<string>();
  const failing = () => Promise.reject(new RepairError("environment-failed", "no"));
  const both = [
    builds.share("key", never, failing),
    builds.share("key", never, () => Promise.resolve("never")),
  ];

  for (const one of both) await expect(one).rejects.toMatchObject({ code: "environment-failed" });
  expect(await builds.share("key", never, () => Promise.resolve("built"))).toMatchObject({ value: "built" });
});
