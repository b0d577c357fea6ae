import { expect, test } from "vitest";
import { createGroupCommit } from "../../../src/adapters/postgres/group-commit.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is asked for during one group is done together in the next, each with its own result", async () => {
  const groups: (readonly number[])[] = [];
  const double = createGroupCommit(async (items: readonly number[]) => {
    groups.push(items);
    await turn();
    return items.map((item) => item * 2);
  });

  const results = await Promise.all([double(1), double(2), double(3)]);

  expect(results).toEqual([2, 4, 6]);
  expect(groups).toEqual([[1], [2, 3]]);
});

test("an item that fails its group fails alone", async () => {
  const done: number[] = [];
  const work = createGroupCommit(async (items: readonly number[]) => {
    await turn();
    if (items.includes(13)) throw new RangeError("13");
    done.push(...items);
    return items;
  });

  const results = await Promise.allSettled([work(1), work(12), work(13), work(14)]);

  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(done).toEqual([1, 12, 14]);
});

test("goes on after everything failed", async () => {
  let broken = true;
  const work = createGroupCommit((items: readonly string[]) =>
    broken ? Promise.reject(new Error("down")) : Promise.resolve(items),
  );

  await expect(work("a")).rejects.toThrow("down");
  broken = false;

  expect(await work("b")).toBe("b");
});

test("no group is larger than a hundred", async () => {
  const sizes: number[] = [];
  const work = createGroupCommit(async (items: readonly number[]) => {
    sizes.push(items.length);
    await turn();
    return items;
  });

  await Promise.all(Array.from({ length: 202 }, (_, item) => work(item)));

  expect(sizes).toEqual([1, 100, 100, 1]);
});
