import { createBlockList } from "./block-list.ts";
import type { Block } from "./block.ts";

export type BlockPool = {
  readonly capacity: number;
  /** Leading blocks of `hashes` that are in the cache, at most `limit`. */
  matching(hashes: readonly number[], limit: number): number;
  /**
   * Blocks for a sequence that has none: the first `cached` of `hashes` from the cache, and `fresh` empty ones. Null
   * when there is no room for `room` empty ones.
   */
  allocate(hashes: readonly number[], cached: number, fresh: number, room: number): Block[] | null;
  /** Adds `fresh` empty blocks to a sequence; false, and nothing changed, when there is no room. */
  extend(blocks: Block[], fresh: number): boolean;
  /** Makes a filled block known under its hash. */
  register(block: Block, hash: number): void;
  /** Ends a sequence's use; hashed blocks stay as cache until their room is needed. */
  release(blocks: readonly Block[]): void;
  /** Forgets everything, as a restarted server does. */
  clear(): void;
  /** How often blocks were given back so far: without that, what had no room has none. */
  releases(): number;
  counts(): { readonly used: number; readonly cached: number; readonly free: number };
};

/** KV memory in blocks: shared ones are counted once, unused hashed ones go least recently used first. */
export function createBlockPool(capacity: number, keepsCache: boolean): BlockPool {
  let free = capacity;
  let used = 0;
  let releases = 0;
  const byHash = new Map<number, Block>();
  /** Cached blocks without users. */
  const unused = createBlockList();

  const take = (count: number): Block[] => {
    const taken = Array.from({ length: count }, (): Block => ({ hash: null, users: 1 }));
    used += count;
    const fromFree = Math.min(free, count);
    free -= fromFree;
    for (let evicted = fromFree; evicted < count; evicted += 1) {
      const block = unused.takeFirst();
      if (block !== null && block.hash !== null) byHash.delete(block.hash);
    }
    return taken;
  };

  return {
    capacity,
    matching(hashes, limit) {
      const most = Math.min(limit, hashes.length);
      let found = 0;
      for (; found < most; found += 1) {
        const hash = hashes[found];
        if (hash === undefined || !byHash.has(hash)) break;
      }
      return found;
    },
    allocate(hashes, cached, fresh, room) {
      const shared: Block[] = [];
      let idle = 0;
      for (const hash of hashes.slice(0, cached)) {
        const block = byHash.get(hash);
        if (block === undefined) return null;
        if (block.users === 0) idle += 1;
        shared.push(block);
      }
      if (free + unused.size - idle < room) return null;
      for (const block of shared) {
        if (block.users === 0) {
          unused.remove(block);
          used += 1;
        }
        block.users += 1;
      }
      return [...shared, ...take(fresh)];
    },
    extend(blocks, fresh) {
      if (free + unused.size < fresh) return false;
      blocks.push(...take(fresh));
      return true;
    },
    register(block, hash) {
      if (!keepsCache || block.hash !== null || byHash.has(hash)) return;
      block.hash = hash;
      byHash.set(hash, block);
    },
    releases: () => releases,
    release(blocks) {
      releases += 1;
      // From the end, so that the beginning of a prompt, which others are likeliest to share, is evicted last.
      for (const block of blocks.toReversed()) {
        block.users -= 1;
        if (block.users > 0) continue;
        used -= 1;
        if (block.hash === null) free += 1;
        else unused.append(block);
      }
    },
    clear() {
      byHash.clear();
      unused.clear();
      free = capacity - used;
    },
    counts: () => ({ used, cached: unused.size, free }),
  };
}
