import type { Calibration } from "../domain/calibration/calibration.ts";
import { fitted } from "../domain/calibration/fitted.ts";
import { isSureEnough, probabilityOf } from "../domain/calibration/sure-enough.ts";
import type { Evidence } from "../domain/evidence.ts";
import { count } from "./phrases.ts";

/** How probable it is that the patch is right, as measured on known cases; empty while these are too few to say so. */
export function surenessSentence(evidence: Evidence, calibration: Calibration = fitted): string {
  const probability = probabilityOf(evidence, calibration);
  if (probability === null) return "";
  const { fittedOn, correctedBy } = calibration;
  const { cases, repositories } = fittedOn;
  const moved =
    correctedBy === undefined
      ? ""
      : `, and moved by what became of ${count(correctedBy.outcomes, "pull request")} of this repository, of which ${correctedBy.right} ${correctedBy.right === 1 ? "was" : "were"} merged unchanged`;
  const below = isSureEnough(evidence, calibration)
    ? ""
    : " That is less than a ready pull request asks for.";
  return (
    `Of patches with as much evidence about ${Math.round(100 * probability)} % were right, measured on ` +
    `${count(cases, "case")} of other repositories (${repositories}) whose fix is known${moved}.${below}`
  );
}
