import { codeBleu } from "../code-bleu/code-bleu.ts";
import type { CodeGrammar } from "../code-bleu/code-grammars.ts";
import { corpusBleu } from "../metrics/bleu.ts";
import { exactMatch, withoutDecorators } from "../metrics/exact-match.ts";
import { jaccard4 } from "../metrics/jaccard.ts";
import { byBlanks } from "../metrics/ngrams.ts";
import { rougeL } from "../metrics/rouge-l.ts";
import { meanMeasure, shareMeasure, valueMeasure } from "../report/plain-measure.ts";
import type { Measure } from "../report/report.ts";
import type { Turn, Turns } from "../turns/turns.ts";

/** By the ids of languages. */
export type Grammars = ReadonlyMap<string, CodeGrammar>;

type Pair = { readonly language: string; readonly candidate: string; readonly reference: string };

/** How near the functions of the last answers come to those of the true fixes, where both are there. */
export function likenessMeasures(all: readonly Turns[], grammars: Grammars): readonly Measure[] {
  const pairs = all.flatMap(({ language, reference, taken }): readonly Pair[] => {
    const candidate = taken.at(-1)?.functions ?? null;
    if (candidate === null || reference === null) return [];
    const plain = language === "python" ? withoutDecorators : (text: string) => text;
    return [{ language, candidate: plain(candidate), reference: plain(reference) }];
  });
  const matches = pairs.map(({ candidate, reference }) => exactMatch(candidate, reference));
  const [raw, normalised] = [matches.filter((one) => one.raw), matches.filter((one) => one.normalised)];
  const parsed = all.map(({ taken }) => parses(taken.at(-1))).filter((one) => one !== null);
  return [
    shareMeasure("exact match", raw.length, all.length),
    shareMeasure("exact match but for blanks at line ends", normalised.length, all.length),
    shareMeasure("compilation rate", parsed.filter(Boolean).length, parsed.length),
    ...overlapMeasures(pairs),
    ...codeBleuMeasures(pairs, grammars),
  ];
}

/** Null where an answer is no patch for another reason than that its files do not parse. */
function parses(turn: Turn | undefined): boolean | null {
  if (turn === undefined) return null;
  if (turn.rejected === null) return true;
  return turn.rejected === "syntax-error" ? false : null;
}

function overlapMeasures(pairs: readonly Pair[]): readonly Measure[] {
  const tokens = pairs.map(({ candidate, reference }) => ({
    candidate: byBlanks(candidate),
    reference: byBlanks(reference),
  }));
  const corpus = tokens.map(({ candidate, reference }) => ({ candidate, references: [reference] }));
  const bleu = pairs.length === 0 ? null : corpusBleu(corpus, "method1");
  return [
    valueMeasure("BLEU-4, words between blanks", "score", bleu, pairs.length),
    meanMeasure(
      "ROUGE-L",
      "score",
      pairs.map(({ candidate, reference }) => rougeL(candidate, reference)),
    ),
    meanMeasure(
      "Jaccard of four words",
      "score",
      tokens.map(({ candidate, reference }) => jaccard4(candidate, reference)),
    ),
  ];
}

/** A corpus score has one grammar: that of the first function; those of other languages are not in it. */
function codeBleuMeasures(pairs: readonly Pair[], grammars: Grammars): readonly Measure[] {
  const own = pairs.filter(({ language }) => language === pairs[0]?.language);
  const grammar = grammars.get(pairs[0]?.language ?? "");
  const corpus = own.map(({ candidate, reference }) => ({ candidate, references: [reference] }));
  return (["strict", "upstream"] as const).map((mode) => {
    const score = grammar === undefined ? null : codeBleu(corpus, grammar, mode);
    return valueMeasure(`CodeBLEU, ${mode}`, "score", score?.score ?? null, own.length);
  });
}
