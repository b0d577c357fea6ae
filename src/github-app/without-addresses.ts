/** `repo` is the copy of the repository at either end of a pull request. */
const isLeftOut = (name: string): boolean =>
  name === "url" || name.endsWith("_url") || name === "node_id" || name === "repo";

/**
 * A payload without the addresses, opaque ids and copies that GitHub writes beside everything: most of its bytes, and
 * nothing that the rest does not say.
 */
export function withoutAddresses(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutAddresses);
  const kept: [string, unknown][] = [];
  for (const name of Object.keys(value))
    if (!isLeftOut(name)) kept.push([name, withoutAddresses(Reflect.get(value, name))]);
  return Object.fromEntries(kept);
}
