import { z } from "zod";
import { canonicalJson, sha256 } from "../../domain/canonical-json.ts";
import type { Pair } from "../statistics/compare.ts";
import type { Case } from "./case.ts";
import { readJson, refusal } from "./read-json.ts";

/** What one system reached on a suite. */
export const ResultSet = z.object({
  schema: z.literal(1),
  system: z.string().min(1),
  /** See suiteHash. */
  suite: z.string().regex(/^[0-9a-f]{64}$/, "is no suite hash"),
  rows: z
    .array(z.object({ instance: z.string().min(1), repository: z.string().min(1), resolved: z.boolean() }))
    .superRefine((rows, context) => {
      const twice = repeated(rows.map(({ instance }) => instance));
      if (twice !== null) context.addIssue({ code: "custom", message: `instance ${twice} is there twice` });
    }),
});
export type ResultSet = z.infer<typeof ResultSet>;

const repeated = (names: readonly string[]): string | null => {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size) ?? null;
};

export const readResultSet = (text: string, source: string): ResultSet => readJson(ResultSet, text, source);

/** Equal for suites that ask the same and decide by the same tests, in whatever order their cases come. */
export function suiteHash(cases: readonly Case[]): string {
  const parts = cases.map(({ instance, question, truth }) => ({
    instance,
    base: question.baseCommit,
    failToPass: truth.failToPass.toSorted(),
    passToPass: truth.passToPass.toSorted(),
  }));
  return sha256(canonicalJson(parts.sort((a, b) => (a.instance < b.instance ? -1 : 1))));
}

/** Two systems' results instance by instance; throws `evaluation-invalid` when they are not over the same instances. */
export function pairResults(first: ResultSet, second: ResultSet): readonly Pair[] {
  const name = `results of ${first.system} and ${second.system}`;
  const missing = (from: ResultSet, of: ResultSet): readonly string[] => {
    const there = new Set(from.rows.map(({ instance }) => instance));
    return of.rows
      .filter(({ instance }) => !there.has(instance))
      .map(({ instance }) => `${instance} is missing from ${from.system}`);
  };
  const problems = [...missing(first, second), ...missing(second, first)];
  if (problems.length > 0) throw refusal(name, problems);
  if (first.suite !== second.suite)
    throw refusal(name, [
      "the same names, but the cases behind them differ (other commits or deciding tests)",
    ]);
  const results = new Map(second.rows.map(({ instance, resolved }) => [instance, resolved]));
  return first.rows.map(({ instance, repository, resolved }) => ({
    repository,
    first: resolved,
    second: results.get(instance) === true,
  }));
}
