import { constant, constantFrom, jsonValue, nat, oneof, record } from "fast-check";

type Path = readonly (string | number)[];

/** The fields that any reader of ours looks at, and with them some that none does. */
function pathsOf(value: unknown, depth = 4): readonly Path[] {
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...pathsOf(inner, depth - 1).map((path) => [name, ...path]),
  ]);
}

const hostile = constantFrom(
  "",
  "\u0000",
  "\ud800",
  "copatcher",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "a/b/c",
  "'; drop table run; --",
  "<!-- copatcher:progress:issue=1 -->",
  "/copatcher fix",
  "x".repeat(70_000),
  "\u202e\u200b",
);
const value = oneof(
  hostile,
  constantFrom(null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [null], { toString: 1, __proto__: null }),
  jsonValue({ maxDepth: 3 }),
);
/** What may be done to a payload, at the place that `at` chooses. */
export const change = record({
  at: nat(),
  to: oneof(
    constant({ kind: "gone" as const }),
    value.map((to) => ({ kind: "other" as const, to })),
  ),
});

export type Change = { at: number; to: { kind: "gone" } | { kind: "other"; to: unknown } };

/** A copy of the payload with the changes made to it, one after the other. */
export function damaged(payload: object, changes: readonly Change[]): unknown {
  const copy: unknown = structuredClone(payload);
  const paths = pathsOf(copy);
  for (const { at, to } of changes) {
    const path = paths[at % paths.length] ?? [];
    let inner: unknown = copy;
    for (const name of path.slice(0, -1))
      inner = typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined;
    const last = path.at(-1);
    if (typeof inner !== "object" || inner === null || last === undefined) continue;
    if (to.kind === "gone") Reflect.deleteProperty(inner, last);
    else
      Reflect.defineProperty(inner, last, {
        value: to.to,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return copy;
}
