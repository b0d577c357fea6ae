import type { PocKind } from "../../domain/poc.ts";
import { judgeArm, scriptArm } from "../report/script-arms.ts";
import type { Report } from "../report/report.ts";
import type { Case } from "../suite/case.ts";
import { goldOf, labelsOf } from "../suite/pooled-patch.ts";
import type { JudgedPool } from "./judge-pool.ts";
import { judgeWords } from "./judge-words.ts";
import { measuredScripts } from "./measured-scripts.ts";

const kinds: readonly PocKind[] = ["asserting", "printing"];

/** Arms on the scripts of judged pools: those of each kind, in all cases and in each of several, and the judge that reads. */
export function scriptReport(
  cases: readonly Case[],
  pools: ReadonlyMap<string, JudgedPool>,
  seed: number,
): Report["arms"] {
  const judged = cases.flatMap(({ instance, question, pool }) => {
    const known = { labels: labelsOf(pool), gold: goldOf(pool) };
    const found = pools.get(instance);
    return found === undefined ? [] : [{ instance, repository: question.repository, known, found }];
  });
  const ofKind = (kind: PocKind) =>
    judged.map(({ found, known, ...one }) => ({ ...one, found: measuredScripts(found, known, kind) }));
  const words = judged.map(({ found, known, ...one }) => ({
    ...one,
    found: judgeWords(found, known.labels),
  }));
  const several = judged.length > 1;
  return [
    ...kinds.flatMap((kind) => scriptArm(`${kind} scripts`, ofKind(kind), seed)),
    ...judgeArm("the judge of printing scripts", words, seed),
    ...kinds.flatMap((kind) =>
      ofKind(kind).flatMap((one) =>
        several ? scriptArm(`${kind} scripts of ${one.instance}`, [one], seed) : [],
      ),
    ),
  ];
}
