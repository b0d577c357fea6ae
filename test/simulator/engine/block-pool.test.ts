import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createBlockPool } from "../../../src/simulator/engine/block-pool.ts";
import type { Block } from "../../../src/simulator/engine/block.ts";

const use = (pool: ReturnType<typeof createBlockPool>, hashes: readonly number[]): Block[] | null => {
  const cached = pool.matching(hashes, hashes.length);
  const fresh = hashes.length - cached;
  const blocks = pool.allocate(hashes, cached, fresh, fresh);
  hashes.forEach((hash, at) => {
    const block = blocks?.[at];
    if (block !== undefined) pool.register(block, hash);
  });
  return blocks;
};

test("counts a shared block once and keeps it until its last user is gone", () => {
  const pool = createBlockPool(4, true);

  const first = use(pool, [1, 2, 3]);
  const second = use(pool, [1, 2, 4]);
  pool.release(first ?? []);

  expect(pool.counts()).toEqual({ used: 3, cached: 1, free: 0 });
  expect(pool.matching([1, 2, 3], 3)).toBe(3);
  pool.release(second ?? []);
  expect(pool.counts()).toEqual({ used: 0, cached: 4, free: 0 });
});

test("gives up what was used least recently, ends before beginnings", () => {
  const pool = createBlockPool(4, true);
  pool.release(use(pool, [1, 2]) ?? []);
  pool.release(use(pool, [5, 6]) ?? []);
  pool.release(use(pool, [1, 2]) ?? []);

  use(pool, [7]);

  expect(pool.matching([5, 6], 2)).toBe(1);
  expect(pool.matching([1, 2], 2)).toBe(2);
});

test("gives nothing when there is no room, and takes nothing", () => {
  const pool = createBlockPool(3, true);
  use(pool, [1, 2]);

  expect(use(pool, [1, 3, 4])).toBeNull();
  expect(pool.counts()).toEqual({ used: 2, cached: 0, free: 1 });
});

test("shares nothing without a cache", () => {
  const pool = createBlockPool(4, false);
  pool.release(use(pool, [1, 2]) ?? []);

  expect(pool.matching([1, 2], 2)).toBe(0);
  expect(pool.counts()).toEqual({ used: 0, cached: 0, free: 4 });
});

test("never loses a block", () => {
  const step = fc.record({
    hashes: fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 5 }),
    ends: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pool = createBlockPool(10, true);
      const live: Block[][] = [];
      for (const { hashes, ends } of steps) {
        const blocks = use(pool, hashes);
        if (blocks !== null) live.push(blocks);
        const [ended] = live.splice(ends, 1);
        if (ended !== undefined) pool.release(ended);
        const { used, cached, free } = pool.counts();
        expect(used + cached + free).toBe(10);
        expect(used).toBe(new Set(live.flat()).size);
      }
    }),
  );
});
