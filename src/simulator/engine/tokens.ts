/**
 * The simulator's tokenizer: five tokens for sixteen characters, so the domain's estimate of 3.2 in whole numbers.
 * Where a token ends depends on the position in its message alone, so equal beginnings have equal tokens.
 */
export const tokenCount = (text: string): number => Math.ceil((text.length * 5) / 16);

/** Number of characters that the first `tokens` tokens of a text cover; never half of a surrogate pair. */
export function tokenEnd(text: string, tokens: number): number {
  const end = Math.min(text.length, Math.ceil((tokens * 16) / 5));
  const unit = end < text.length ? text.charCodeAt(end) : 0;
  return unit >= 0xdc00 && unit <= 0xdfff ? end + 1 : end;
}

/** Any text of exactly `tokens` tokens, the same for the same arguments. */
export function fillerText(tokens: number, flavour: string): string {
  const length = Math.floor((tokens * 16) / 5);
  return `${flavour} `.repeat(Math.ceil(length / (flavour.length + 1))).slice(0, length);
}

export type TokenBlocks = {
  readonly tokens: number;
  /** One number for each full block; equal exactly when all text up to the block's end is equal. */
  readonly blocks: readonly number[];
};

export type BlockHasher = {
  add(text: string): void;
  /** Tells apart what follows without being a token: who speaks, where a message begins. */
  mark(label: string): void;
  fork(): BlockHasher;
  result(): TokenBlocks;
};

type State = { high: number; low: number; tokens: number; blocks: number[] };

/** Hashes of token blocks, each chained to those before it. `salt` keeps apart what must not share a cache. */
export function createBlockHasher(blockTokens: number, salt: string): BlockHasher {
  const state: State = { high: 0x811c9dc5, low: 0x1b873593, tokens: 0, blocks: [] };
  mixText(state, salt);
  return hasherOn(blockTokens, state);
}

const hasherOn = (blockTokens: number, state: State): BlockHasher => ({
  add(text) {
    const count = tokenCount(text);
    let at = 0;
    for (let token = 1; token <= count; token += 1) {
      for (const end = Math.min(text.length, Math.ceil((token * 16) / 5)); at < end; at += 1) {
        mix(state, text.charCodeAt(at));
      }
      state.tokens += 1;
      if (state.tokens % blockTokens === 0) state.blocks.push(blockHash(state));
    }
  },
  mark(label) {
    mix(state, 0x1_0000);
    mixText(state, label);
  },
  fork: () => hasherOn(blockTokens, { ...state, blocks: [...state.blocks] }),
  result: () => ({ tokens: state.tokens, blocks: state.blocks }),
});

function mixText(state: State, text: string): void {
  for (let at = 0; at < text.length; at += 1) mix(state, text.charCodeAt(at));
}

function mix(state: State, unit: number): void {
  state.high = Math.imul(state.high ^ unit, 0x01000193);
  state.low = Math.imul(((state.low << 5) | (state.low >>> 27)) ^ unit, 0x85ebca6b);
}

/** 53 bits of the state: 32-bit hashes would meet by chance among a million blocks. */
const blockHash = ({ high, low }: State): number =>
  (low >>> 0) * 2 ** 21 + ((high ^ (high >>> 15)) & 0x1fffff);
