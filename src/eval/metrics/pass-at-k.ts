/** How many of an instance's samples were drawn and how many of them are right. */
export type SampleCount = { readonly instance: string; readonly samples: number; readonly right: number };

/**
 * Chen et al.'s unbiased estimate that at least one of k samples is right, 1 - C(n-c, k) / C(n, k), as a product so that
 * no factorial overflows. Null when fewer than k samples were drawn.
 */
export function passAtK({ samples, right }: Omit<SampleCount, "instance">, k: number): number | null {
  if (k < 1 || samples < k) return null;
  if (samples - right < k) return 1;
  let allWrong = 1;
  for (let i = samples - right + 1; i <= samples; i += 1) allWrong *= 1 - k / i;
  return 1 - allWrong;
}

export type MeanPassAtK = {
  readonly k: number;
  /** Over the instances with at least k samples; null when there is none. */
  readonly mean: number | null;
  readonly perInstance: readonly { readonly instance: string; readonly value: number }[];
  /** Instances with fewer than k samples, for which it is not defined. */
  readonly undefinedFor: readonly string[];
};

export function meanPassAtK(counts: readonly SampleCount[], k: number): MeanPassAtK {
  const perInstance = counts.flatMap((count) => {
    const value = passAtK(count, k);
    return value === null ? [] : [{ instance: count.instance, value }];
  });
  const sum = perInstance.reduce((total, { value }) => total + value, 0);
  return {
    k,
    mean: perInstance.length === 0 ? null : sum / perInstance.length,
    perInstance,
    undefinedFor: counts.filter(({ samples }) => samples < k).map(({ instance }) => instance),
  };
}
