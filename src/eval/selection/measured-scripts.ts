import type { PocKind } from "../../domain/poc.ts";
import type { MeasuredPoc } from "../metrics/poc-quality.ts";
import type { Labels } from "../suite/pooled-patch.ts";
import type { JudgedPool } from "./judge-pool.ts";

/** What is known of a pool's patches: the hidden tests' word on each, and which of them are the accepted fix. */
export type KnownPatches = { readonly labels: Labels; readonly gold: ReadonlySet<string> };

/** Every script of a kind that was asked for, with what it said of the patches that are candidates. */
export function measuredScripts(
  pool: JudgedPool,
  { labels, gold }: KnownPatches,
  kind: PocKind,
): readonly MeasuredPoc[] {
  const silent = { fixedByGold: null, normalForm: null, verdicts: [] };
  const failed = pool.failedPocs
    .filter((chain) => chain.kind === kind)
    .map(({ faulty = false }) => ({ ...silent, valid: !faulty, reproduces: false }));
  const confirmed = pool.pocs
    .filter((poc) => poc.kind === kind)
    .map(({ id }) => {
      const words = wordsOf(pool, id);
      const fixed = words.find(({ patch }) => gold.has(patch));
      return {
        valid: true,
        reproduces: true,
        fixedByGold: fixed?.said ?? null,
        normalForm: pool.scriptForms.get(id) ?? null,
        verdicts: words.flatMap(({ patch, said }) => {
          const truth = labels.get(patch);
          return truth === undefined ? [] : [{ said, truth }];
        }),
      };
    });
  return [...confirmed, ...failed];
}

type Word = { readonly patch: string; readonly said: boolean };

/** Where a script said neither, it is left out. */
const wordsOf = ({ samples, classes }: JudgedPool, script: string): readonly Word[] =>
  samples.flatMap(({ id: patch, end }) => {
    const judged = end.kind === "written" ? classes.get(end.written.key) : undefined;
    const result = judged?.verdicts.pocs.pocs.find(({ poc }) => poc === script)?.result;
    return result === undefined || result === "inconclusive" ? [] : [{ patch, said: result === "fixed" }];
  });
