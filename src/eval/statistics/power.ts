import { z95 } from "./intervals.ts";

/** The normal quantile of 80 % power. */
const z80 = 0.8416212335729143;

/**
 * Instances that a paired comparison needs to find, with 80 % power at two-sided 5 %, a true difference of `difference`
 * between systems that disagree on the share `disagreement` of the instances (Connor 1987). Both are shares, not points.
 */
export const instancesNeeded = (difference: number, disagreement: number): number =>
  Math.ceil(exactNeed(difference, disagreement));

const exactNeed = (difference: number, disagreement: number): number =>
  ((z95 * Math.sqrt(disagreement) + z80 * Math.sqrt(disagreement - difference ** 2)) / difference) ** 2;

/**
 * The smallest true difference that `instances` would find with 80 % power. Null when even the largest possible one,
 * every disagreement on one side, would be missed.
 */
export function minimalDetectable(instances: number, disagreement: number): number | null {
  if (disagreement <= 0 || exactNeed(disagreement, disagreement) > instances) return null;
  let [missed, found] = [0, disagreement];
  for (let step = 0; step < 60; step += 1) {
    const middle = (missed + found) / 2;
    if (exactNeed(middle, disagreement) > instances) missed = middle;
    else found = middle;
  }
  return found;
}
