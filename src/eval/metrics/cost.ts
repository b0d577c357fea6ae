/** What one instance cost. */
export type Spent = {
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly modelSeconds: number;
  readonly sandboxSeconds: number;
};

export type Cost = {
  readonly total: Spent;
  /** The whole cost, failures included, per resolved instance; null when nothing was resolved. */
  readonly perResolved: Spent | null;
};

const nothing: Spent = { promptTokens: 0, answerTokens: 0, modelSeconds: 0, sandboxSeconds: 0 };

export function costOf(spent: readonly Spent[], resolved: number): Cost {
  const total = spent.reduce((sum, one) => spentOf((part) => sum[part] + one[part]), nothing);
  return { total, perResolved: resolved === 0 ? null : spentOf((part) => total[part] / resolved) };
}

const spentOf = (value: (part: keyof Spent) => number): Spent => ({
  promptTokens: value("promptTokens"),
  answerTokens: value("answerTokens"),
  modelSeconds: value("modelSeconds"),
  sandboxSeconds: value("sandboxSeconds"),
});
