/** Where samples (`stage/index/attempt`) were sent, for calls that go on with their conversation. */
export type SampleMemory = {
  note(run: string, sample: string, place: string): void;
  of(run: string, sample: string): string | undefined;
};

/** Samples that are remembered, in all runs; a resumed run starts with none. */
const most = 20_000;

export function createSampleMemory(): SampleMemory {
  const places = new Map<string, string>();
  const key = (run: string, sample: string): string => `${run}\n${sample}`;
  return {
    note(run, sample, place) {
      places.delete(key(run, sample));
      places.set(key(run, sample), place);
      const [oldest] = places.keys();
      if (places.size > most && oldest !== undefined) places.delete(oldest);
    },
    of: (run, sample) => places.get(key(run, sample)),
  };
}
