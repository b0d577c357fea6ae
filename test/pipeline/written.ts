import type { Round } from "../../src/pipeline/contest.ts";
import type { SampleEnd, WrittenSample } from "../../src/pipeline/written-sample.ts";
import { faultyPath } from "../fixtures/small-project.ts";

/** A generation sample that gave a patch of the class; `text` is what the file holds then. */
export const written = (
  index: number,
  key: string,
  { text = key, size = 2, characters = 100 } = {},
): WrittenSample => ({
  sample: `generate/${index}/0`,
  index,
  key,
  changes: [{ path: faultyPath, before: "a\n", after: `${text}\n` }],
  patch: text,
  size,
  characters,
  refines: null,
  restored: [],
  call: `generate/${index}/0`,
  chat: [
    { role: "user", content: "repair it" },
    { role: "assistant", content: text },
  ],
});

/** A round whose samples have ended before anybody looks. */
export const ended = (...samples: readonly WrittenSample[]): Round => ({
  samples: samples.length,
  write(onEnd) {
    for (const one of samples) onEnd(endOf(one), one.index);
    return Promise.resolve();
  },
});

export const endOf = (one: WrittenSample): SampleEnd => ({ kind: "written", written: one });
