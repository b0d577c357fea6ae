import type { Config } from "../config.ts";
import { asRepairError } from "../domain/errors.ts";
import { lacking } from "../domain/registration.ts";
import { wireLogger } from "../wire/base.ts";
import { wireGitHub } from "../wire/github.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Asks GitHub for the App with these credentials, and compares what it may do and is told with what the bot needs. */
export async function checkApp(config: Config): Promise<DoctorCheck> {
  const name = "GitHub App";
  const { app, github } = config;
  if (app === null) {
    const detail =
      "not set up; `repair` does without it, the bot needs APP_ID, PRIVATE_KEY and WEBHOOK_SECRET";
    return { name, ok: true, detail, fix: "" };
  }
  try {
    const registration = await wireGitHub(
      { ...config, app },
      wireLogger(config, "silent"),
    ).app.registration();
    const missing = lacking(registration);
    const place = `${registration.slug} at ${github.apiUrl}`;
    if (missing.length === 0)
      return { name, ok: true, detail: `${place} has what app.yml asks for`, fix: "" };
    return {
      name,
      ok: false,
      detail: `${place} lacks ${missing.join(", ")}`,
      fix: "Add them in the App's settings on GitHub (Permissions & events), then let each installation accept them.",
    };
  } catch (error) {
    const { message, help } = asRepairError(error);
    return { name, ok: false, detail: message, fix: help };
  }
}
