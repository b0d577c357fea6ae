import type { World } from "./world.ts";

export const purposes = ["localization", "candidates", "critiques", "scripts", "judges"] as const;
type Purpose = (typeof purposes)[number];

/** Tokens of an issue's answers by what they were for, those of answers that were called off among them. */
export type TokensFor = Readonly<Record<Purpose, number>>;

export function tokensFor({ simulation }: World, issues: number): TokensFor {
  const entries = simulation.journal.entries();
  const of = (...stages: readonly string[]): number =>
    entries
      .filter(({ sample }) => stages.some((stage) => sample?.startsWith(stage)))
      .flatMap(({ choices }) => choices)
      .reduce((sum, { generatedTokens }) => sum + generatedTokens, 0) / issues;
  return {
    localization: of("localize-"),
    candidates: of("generate/", "feedback/"),
    critiques: of("critique/"),
    scripts: of("poc-"),
    judges: of("judge-"),
  };
}

export const allTokens = (tokens: TokensFor): number =>
  purposes.reduce((sum, purpose) => sum + tokens[purpose], 0);

export function meanTokens(all: readonly TokensFor[]): TokensFor {
  const mean = (purpose: Purpose): number => all.reduce((sum, one) => sum + one[purpose], 0) / all.length;
  return {
    localization: mean("localization"),
    candidates: mean("candidates"),
    critiques: mean("critiques"),
    scripts: mean("scripts"),
    judges: mean("judges"),
  };
}
