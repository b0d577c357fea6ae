import type { Evidence } from "../evidence.ts";
import { probabilityRight, type Calibration } from "./calibration.ts";
import { fitted } from "./fitted.ts";
import { signalsOf } from "./signals.ts";

/**
 * Whether a patch is as probably right as ready pull requests shall be: what lies below the threshold is a draft, whatever was
 * executed. While the calibration decides nothing, nothing is below it.
 */
export function isSureEnough(evidence: Evidence, calibration: Calibration = fitted): boolean {
  const signals = signalsOf(evidence);
  const probability = signals === null ? null : probabilityRight(signals, calibration);
  return probability === null || calibration.threshold === null || probability >= calibration.threshold;
}
