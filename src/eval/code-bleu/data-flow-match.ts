import type { Matches } from "../metrics/bleu.ts";
import type { Edge } from "./data-flow.ts";

/** How many of the reference's edges the candidate has, too, each once, under whatever names. */
export function dataFlowMatches(candidate: readonly Edge[], reference: readonly Edge[]): Matches {
  const offered = new Map<string, number>();
  for (const key of renamed(candidate)) offered.set(key, (offered.get(key) ?? 0) + 1);
  const wanted = renamed(reference);
  const matched = wanted.filter((key) => {
    const left = offered.get(key) ?? 0;
    offered.set(key, left - 1);
    return left > 0;
  });
  return { matched: matched.length, possible: wanted.length };
}

/** Edges with their names numbered in the order in which they come up. */
function renamed(edges: readonly Edge[]): readonly string[] {
  const numbers = new Map<string, number>();
  const number = (name: string): number => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  return edges.map(({ name, relation, from }) => {
    const sources = from.map(number);
    return JSON.stringify([number(name), relation, sources]);
  });
}
