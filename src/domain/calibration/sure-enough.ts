import type { Evidence } from "../evidence.ts";
import { probabilityRight, type Calibration } from "./calibration.ts";
import { fitted } from "./fitted.ts";
import { signalsOf } from "./signals.ts";

/** The probability that the patch is right; null where nothing was chosen, or the calibration may not say one. */
export function probabilityOf(evidence: Evidence, calibration: Calibration): number | null {
  const signals = signalsOf(evidence);
  return signals === null ? null : probabilityRight(signals, calibration);
}

/**
 * Whether a patch is as probably right as ready pull requests shall be: what lies below the threshold is a draft, whatever was
 * executed. While the calibration decides nothing, nothing is below it.
 */
export function isSureEnough(evidence: Evidence, calibration: Calibration = fitted): boolean {
  const probability = probabilityOf(evidence, calibration);
  return probability === null || calibration.threshold === null || probability >= calibration.threshold;
}
