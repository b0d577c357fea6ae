import type { Config } from "../config.ts";
import { asRepairError } from "../domain/errors.ts";
import { wireServerReports } from "../wire/inference.ts";
import { fixFor, type DoctorCheck } from "./doctor-check.ts";

/** Probes have limits of their own; this is for a server that reaches every one of them. */
const limitMs = 900_000;

/** Asks every role's servers whether they serve it, and what they can do. */
export async function checkInference(config: Config): Promise<readonly DoctorCheck[]> {
  const { inference } = config;
  if (inference === null) {
    const detail = "COPATCHER_INFERENCE_URL is not set";
    return [{ name: "inference", ok: false, detail, fix: fixFor(false, "inference-unreachable") }];
  }
  try {
    const reports = await wireServerReports(inference, AbortSignal.timeout(limitMs));
    return reports.flatMap(({ role, server, findings }) => {
      const place = inference.roles[role].urls.length > 1 ? ` at ${server}` : "";
      return findings.map(({ what, ok, detail, fix }, at) => ({
        name: `inference ${role}${place}${at === 0 ? "" : `, ${what}`}`,
        ok,
        detail,
        fix,
      }));
    });
  } catch (error) {
    const { message, help } = asRepairError(error);
    return [{ name: "inference", ok: false, detail: message, fix: help }];
  }
}
