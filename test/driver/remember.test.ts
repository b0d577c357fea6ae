import { expect, test } from "vitest";
import { remember } from "../../src/driver/remember.ts";

test("finds once what is asked for many times, also at the same time", async () => {
  let searches = 0;
  const found = remember(() => Promise.resolve((searches += 1)));

  expect(await Promise.all([found(), found()])).toEqual([1, 1]);
  expect(await found()).toBe(1);
});

test("searches again after a search that failed", async () => {
  let searches = 0;
  const found = remember(() => {
    searches += 1;
    return searches === 1 ? Promise.reject(new Error("busy")) : Promise.resolve("found");
  });

  await expect(found()).rejects.toThrow("busy");
  expect(await found()).toBe("found");
});
