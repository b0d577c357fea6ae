import type { JudgedCandidate } from "../../src/domain/verdict.ts";

/** What of a candidate matters for its rank. */
export type Shape = {
  id: string;
  votes?: number;
  fixed?: number;
  broken?: number;
  /** Scripts that nobody could judge. */
  unclear?: number;
  regressions?: number;
  /** What its scripts print; what they print on the base commit is "base". */
  prints?: string;
  size?: number;
  /** A first run of the tests could not be trusted. */
  distrusted?: boolean;
  /** The file after the patch; it was `base`. */
  after?: string;
};

export const base =
  "if a:\n    least = max(powers) >= lowest\nelse:\n    least = max(powers) >= lowest\n    b = 1\n";
export const [first, second] = [base.replace("max", "sum"), base.replaceAll("max", "sum")];
export const other = base.replace("b = 1", "b = 2");

export function judged(shape: Shape): JudgedCandidate {
  const { id, votes = 1, fixed = 0, broken = 0, unclear = 0, regressions = 0, size = 1 } = shape;
  const { distrusted = false, after, prints = "" } = shape;
  const outcome = { kind: "not-started", reason: "test" } as const;
  const poc = (result: "fixed" | "still-broken" | "inconclusive") =>
    ({ poc: "p", result, judgedBy: "rule", outcome, printed: prints, unchanged: prints === "base" }) as const;
  return {
    candidate: {
      id,
      changes: after === undefined ? [] : [{ path: "a.py", before: base, after }],
      patch: "",
      samples: Array.from({ length: votes }, (_, i) => `generate/${id}${i}`),
      refines: null,
      restored: [],
    },
    verdict: {
      candidate: id,
      pocs: [
        ...Array.from({ length: fixed }, () => poc("fixed")),
        ...Array.from({ length: broken }, () => poc("still-broken")),
        ...Array.from({ length: unclear }, () => poc("inconclusive")),
      ],
      tests: {
        kind: "ran",
        passed: 1,
        regressions: Array.from({ length: regressions }, (_, i) => `t${i}`),
        ...(distrusted ? { earlier: { kind: "untrusted", reason: "" } } : {}),
      },
    },
    size,
  };
}
