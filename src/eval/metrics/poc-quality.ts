import { confusion, precision, recall, type Judged } from "./agreement.ts";

/** One PoC with what its runs showed. */
export type MeasuredPoc = {
  /** It ran: no syntax error, no missing module, no fault of its own. */
  readonly valid: boolean;
  /** It shows the issue on the base commit. */
  readonly reproduces: boolean;
  /** It no longer shows it on the accepted fix; null when it was not run there. */
  readonly fixedByGold: boolean | null;
  /** Normal form of its source, null when that does not parse. */
  readonly normalForm: string | null;
  /** What it said of labelled patches. */
  readonly verdicts: readonly Judged[];
};

export type PocQuality = {
  readonly pocs: number;
  readonly valid: number;
  readonly reproduces: number;
  /** Of those that reproduce and were run on the accepted fix, how many tell the two apart. */
  readonly discriminates: number;
  readonly runOnGold: number;
  /** Of verdicts "fixed" by PoCs that reproduce, held against the hidden tests. */
  readonly precision: number | null;
  readonly recall: number | null;
  /** Different programs among those that reproduce; those that do not parse are not told apart and count once. */
  readonly distinct: number;
};

/** Whether its verdicts are worth counting: a PoC that is not valid cannot reproduce anything. */
export const speaks = ({ valid, reproduces }: MeasuredPoc): boolean => valid && reproduces;

/** Of PoCs that reproduce nothing, the verdicts are left out. */
export function pocQuality(pocs: readonly MeasuredPoc[]): PocQuality {
  const valid = pocs.filter((poc) => poc.valid);
  const reproducing = pocs.filter(speaks);
  const onGold = reproducing.filter(({ fixedByGold }) => fixedByGold !== null);
  const table = confusion(reproducing.flatMap(({ verdicts }) => verdicts));
  return {
    pocs: pocs.length,
    valid: valid.length,
    reproduces: reproducing.length,
    discriminates: onGold.filter(({ fixedByGold }) => fixedByGold === true).length,
    runOnGold: onGold.length,
    precision: precision(table),
    recall: recall(table),
    distinct: new Set(reproducing.map(({ normalForm }) => normalForm)).size,
  };
}
