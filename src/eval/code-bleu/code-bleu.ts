import { corpusBleu, total, type Matches } from "../metrics/bleu.ts";
import { byBlanks } from "../metrics/ngrams.ts";
import type { CodeGrammar } from "./code-grammars.ts";
import { codeTree, type CodeNode } from "./code-tree.ts";
import { dataFlow } from "./data-flow.ts";
import { dataFlowMatches } from "./data-flow-match.ts";
import { syntaxMatches } from "./syntax-match.ts";
import { weightedBleu } from "./weighted-bleu.ts";

export type CodePair = { readonly candidate: string; readonly references: readonly string[] };

/**
 * `upstream` scores as the authors' program does, to be compared with printed numbers: a data flow without any match
 * counts as a full one, and the weighted part never penalises brevity. `strict`, ours: a data flow without any match
 * counts 0; where the references have no data flow at all, the other three parts share its weight.
 */
export type CodeBleuMode = "strict" | "upstream";

export type CodeBleu = {
  readonly score: number;
  readonly bleu: number;
  readonly weightedBleu: number;
  readonly syntax: number;
  /** Null when the references have no data flow, or loops nest too deeply to follow it. */
  readonly dataFlow: number | null;
};

/**
 * CodeBLEU (Ren et al. 2020) of a corpus, four parts of equal weight; words are split at blanks. Field names of the
 * syntax tree are not compared, and where the authors leave the order of an edge's sources to chance (Python's hash
 * seed) ours is the order of the text. Null without a pair.
 */
export function codeBleu(
  pairs: readonly CodePair[],
  grammar: CodeGrammar,
  mode: CodeBleuMode,
): CodeBleu | null {
  if (pairs.length === 0) return null;
  const trimmed = pairs.map(({ candidate, references }) => ({
    candidate: candidate.trim(),
    references: references.map((reference) => reference.trim()),
  }));
  const tokens = trimmed.map(({ candidate, references }) => ({
    candidate: byBlanks(candidate),
    references: references.map(byBlanks),
  }));
  const bleu = corpusBleu(tokens, "method1");
  const weighted = weightedBleu(tokens, grammar.keywords, mode === "strict");
  const trees = trimmed.flatMap(({ candidate, references }) => {
    const tree = treeOf(candidate, grammar);
    return references.map((reference) => [tree, treeOf(reference, grammar)] as const);
  });
  const syntax =
    share(total(trees.map(([candidate, reference]) => syntaxMatches(candidate, reference)))) ?? 0;
  const flow = flowShare(trees, grammar);
  const parts = [bleu, weighted, syntax, ...flowPart(flow, mode)];
  const score = parts.reduce((sum, part) => sum + part / parts.length, 0);
  return { score, bleu, weightedBleu: weighted, syntax, dataFlow: flow };
}

const treeOf = (text: string, { parse, isDocstring }: CodeGrammar): CodeNode =>
  codeTree(parse(text), text, isDocstring);

function flowPart(flow: number | null, mode: CodeBleuMode): readonly number[] {
  if (mode === "upstream") return [flow === null || flow === 0 ? 1 : flow];
  return flow === null ? [] : [flow];
}

function flowShare(
  trees: ReadonlyArray<readonly [CodeNode, CodeNode]>,
  { construct }: CodeGrammar,
): number | null {
  const matches: Matches[] = [];
  for (const [candidate, reference] of trees) {
    const [own, wanted] = [dataFlow(candidate, construct), dataFlow(reference, construct)];
    if (own === null || wanted === null) return null;
    matches.push(dataFlowMatches(own, wanted));
  }
  return share(total(matches));
}

const share = ({ matched, possible }: Matches): number | null => (possible === 0 ? null : matched / possible);
