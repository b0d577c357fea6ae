import type { Compared } from "./measure.ts";

type ByIssues<T> = Readonly<Record<string, T>>;

/** The figures that section 10 of the design names, each by how many issues came at once; seconds, and GPU seconds of an issue. */
export function headlinesOf(compared: ByIssues<Compared>) {
  const each = <T>(read: (one: Compared) => T): ByIssues<T> =>
    Object.fromEntries(Object.entries(compared).map(([issues, one]) => [issues, read(one)]));
  return {
    ideal: each((one) => one.idealSeconds),
    ours: each((one) => one.oursSeconds),
    reference: each((one) => one.referenceSeconds),
    oursOverIdeal: each((one) => one.oursOverIdeal),
    referenceOverOurs: each((one) => one.referenceOverOurs),
    gpuSeconds: each((one) => ({
      ours: one.gpuSecondsPerIssue,
      reference: one.referenceGpuSecondsPerIssue,
    })),
  };
}
