import { isMap, isNode, isScalar, isSeq, type Document, type Pair } from "yaml";

/** Both count from 1. */
export type Place = { readonly line: number; readonly column: number };

/** Where the key or the value at `path` is written, or what encloses it when it is not there. */
export function placeOf(
  document: Document,
  path: readonly PropertyKey[],
  what: "key" | "value",
  at: (offset: number) => Place,
): Place {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(step)) : undefined;
    const below: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const key = startOf(pair?.key);
    if (below === undefined && key === null) break;
    offset = (last && what === "key" ? key : startOf(below)) ?? key ?? offset;
    node = below;
  }
  return at(offset);
}

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

const startOf = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);
