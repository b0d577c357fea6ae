import { mergeFiles } from "../../domain/merge-locations.ts";
import type { Language } from "../../languages/language.ts";
import type { PoolSample } from "./pool-samples.ts";

/**
 * The files that the samples themselves change, as if each had localized the fault where its author did; what the tests are
 * chosen by. Neither the true fix nor a label is asked.
 */
export const suspectsOf = (
  samples: readonly PoolSample[],
  language: Language,
  top: number,
): readonly string[] =>
  mergeFiles(
    samples.map(({ end }) =>
      end.kind !== "written"
        ? []
        : end.written.changes
            .filter(({ before }) => before !== null)
            .map(({ path }) => path)
            .filter((path) => language.isSource(path) && !language.isTest(path)),
    ),
    top,
  ).map(({ path }) => path);
