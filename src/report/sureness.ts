import type { Calibration } from "../domain/calibration/calibration.ts";
import { fitted } from "../domain/calibration/fitted.ts";
import { isSureEnough, probabilityOf } from "../domain/calibration/sure-enough.ts";
import type { Evidence } from "../domain/evidence.ts";
import { count } from "./phrases.ts";

/** How probable it is that the patch is right, as measured on known cases; empty while these are too few to say so. */
export function surenessSentence(evidence: Evidence, calibration: Calibration = fitted): string {
  const probability = probabilityOf(evidence, calibration);
  if (probability === null) return "";
  const { cases, repositories } = calibration.fittedOn;
  const below = isSureEnough(evidence, calibration)
    ? ""
    : " That is less than a ready pull request asks for.";
  return (
    `Of patches with as much evidence about ${Math.round(100 * probability)} % were right, measured on ` +
    `${count(cases, "case")} of other repositories (${repositories}) whose fix is known.${below}`
  );
}
