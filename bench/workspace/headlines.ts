import { median, round } from "../sandbox/measure.ts";
import type { Normalising, Reading } from "./orders.ts";

type Measured = { readonly readings: readonly Reading[]; readonly normalisings: readonly Normalising[] };

/**
 * The figures that section 10 of the design names, of a small and of a large repository: milliseconds from a repository that is
 * not known to the structure and skeletons of a commit (`cold`), for those of the next commit (`warm`), for the reading alone
 * (`structureMs`) and for one patch's normal form (`perCandidateMs`, in a file of the repository's size); MiB at the peak.
 */
export function headlinesOf(small: Measured, large: Measured) {
  const both = (figure: (one: Measured) => number, decimals = 0) => ({
    small: round(figure(small), decimals),
    large: round(figure(large), decimals),
  });
  const middle =
    (read: (one: Reading) => number) =>
    ({ readings }: Measured): number =>
      median(readings.map(read));
  return {
    cold: both(middle(({ mirrorMs, coldMs }) => mirrorMs + coldMs)),
    warm: both(
      middle(({ warmMs }) => warmMs),
      1,
    ),
    perCandidateMs: both(
      ({ normalisings }) => median(normalisings.map(({ ms, patches }) => ms / patches)),
      2,
    ),
    structureMs: both(middle(({ coldMs }) => coldMs)),
    peakMb: both(({ readings }) => Math.max(...readings.map(({ memoryMb }) => memoryMb))),
  };
}
