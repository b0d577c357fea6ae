import type { LookupFunction } from "node:net";
import { isIPv6 } from "node:net";
import { isPrivate, isUnreachable } from "./addresses.ts";
import type { HostRules } from "./host-rules.ts";

/** Addresses of a host; rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type EgressPolicy = {
  /** What may be reached at public addresses. */
  readonly allowed: HostRules;
  /** What may be reached at private addresses too, and never through the upstream proxy. */
  readonly allowedPrivately: HostRules;
  /** What of all that the repository wants to be reached; null: all of it. */
  readonly within: HostRules | null;
  readonly upstream: string | null;
  readonly resolve: Resolve;
};

export type Decision =
  | { readonly kind: "direct"; readonly lookup: LookupFunction }
  | { readonly kind: "upstream"; readonly url: string }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Whether and how a target is reached. A connection goes to an address that was checked here, so that a name cannot
 * resolve to another one a moment later; behind an upstream proxy only names can be checked.
 */
export async function decide(policy: EgressPolicy, target: string, port: number): Promise<Decision> {
  const host = target.toLowerCase().replace(/\.$/, "");
  const shown = `${host}${port === 80 || port === 443 ? "" : `:${port}`}`;
  const privately = policy.allowedPrivately(host, port);
  if (!privately && !policy.allowed(host, port)) {
    return { kind: "refused", why: `blocked: ${shown} is not on COPATCHER_SETUP_HOSTS` };
  }
  if (policy.within !== null && !policy.within(host, port)) {
    return { kind: "refused", why: `blocked: ${shown} is not in network.setup of the settings` };
  }
  if (!privately && policy.upstream !== null) return { kind: "upstream", url: policy.upstream };
  const addresses = await policy.resolve(host).catch(() => []);
  if (addresses.length === 0) return { kind: "refused", why: `not found: ${host} has no address` };
  const forbidden = addresses.find((address) => isUnreachable(address) || (!privately && isPrivate(address)));
  if (forbidden !== undefined) {
    return { kind: "refused", why: `blocked: ${shown} resolves to the private address ${forbidden}` };
  }
  return { kind: "direct", lookup: pinned(addresses) };
}

function pinned(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = entries;
    if (options.all === true) callback(null, entries);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };
}
