import { access, constants, mkdir } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { processConfig, type Config } from "../config.ts";
import { asRepairError } from "../domain/errors.ts";
import { wireLogger } from "../wire/base.ts";
import { wireSandboxes } from "../wire/sandboxes.ts";
import { wireDatabaseReport } from "../wire/store.ts";
import { checkApp } from "./doctor-app.ts";
import { fixFor, type DoctorCheck } from "./doctor-check.ts";
import { checkInference } from "./doctor-inference.ts";

/** `copatcher doctor`: whether this machine can run the bot, and what to do where it cannot. */
export const doctorCommand = (): Command =>
  new Command("doctor")
    .description(
      "check the configuration, the data directory, the database, the GitHub App, the sandbox and the inference servers",
    )
    .option("--json", "print one JSON object on the last line", false)
    .action(async ({ json }: { json: boolean }) => {
      const checks = await examine();
      const ok = checks.every((check) => check.ok);
      if (json) console.log(JSON.stringify({ checks, ok }));
      else for (const check of checks) console.log(line(check));
      if (!ok) process.exitCode = 1;
    });

const line = ({ name, ok, detail, fix }: DoctorCheck): string =>
  `${ok ? "ok  " : "FAIL"}  ${name}: ${detail}${ok ? "" : `\n      ${fix}`}`;

async function examine(): Promise<readonly DoctorCheck[]> {
  let config: Config;
  try {
    config = processConfig("cli");
  } catch (error) {
    const { message, help } = asRepairError(error);
    return [{ name: "configuration", ok: false, detail: message, fix: help }];
  }
  const good: DoctorCheck = {
    name: "configuration",
    ok: true,
    detail: "every variable is readable",
    fix: "",
  };
  return [
    good,
    await checkData(config),
    await checkDatabase(config),
    await checkApp(config),
    ...(await checkSandboxes(config)),
    ...(await checkInference(config)),
  ];
}

async function checkData(config: Config): Promise<DoctorCheck> {
  const name = "data directory";
  try {
    await mkdir(config.dataDirectory, { recursive: true });
    await access(config.dataDirectory, constants.W_OK);
    return { name, ok: true, detail: `${config.dataDirectory} is writable`, fix: "" };
  } catch (error) {
    return { name, ok: false, detail: String(error), fix: fixFor(false, "store-unavailable") };
  }
}

const schemas = {
  none: "empty, its tables are made at the first start",
  older: "of an older version, brought up to date at the next start",
  current: "up to date",
};

const Trouble = z.object({ what: z.string(), fix: z.string() });

/** Asks the database of DATABASE_URL whether runs can be kept there, and changes nothing in it. */
export async function checkDatabase(config: Config): Promise<DoctorCheck> {
  const name = "database";
  try {
    const report = await wireDatabaseReport(config, wireLogger(config, "silent"));
    if (report === null) {
      const detail = "inside the process, in the data directory (DATABASE_URL is not set)";
      return { name, ok: true, detail, fix: "" };
    }
    const detail = `${report.name}: PostgreSQL ${report.version}, ${schemas[report.schema]}`;
    return { name, ok: true, detail, fix: "" };
  } catch (error) {
    const { message, help, data } = asRepairError(error);
    const trouble = Trouble.safeParse(data).data ?? { what: message, fix: help };
    return { name, ok: false, detail: trouble.what, fix: trouble.fix };
  }
}

/** One sandbox is enough, unless the configuration names one; the others are reported as they are. */
async function checkSandboxes(config: Config): Promise<readonly DoctorCheck[]> {
  const logger = wireLogger(config, "silent");
  const results = await Promise.all(
    wireSandboxes(config, logger).map(async (sandbox) => ({ sandbox, check: await sandbox.check(null) })),
  );
  const { kind } = config.sandbox;
  const wanted = results.filter(({ sandbox }) => kind === "auto" || sandbox.kind === kind);
  const works = wanted.some(({ check }) => check.ok);
  return results.map(({ sandbox, check }) => {
    const needed = kind === "auto" || sandbox.kind === kind;
    const ok = check.ok || works || !needed;
    return {
      name: `sandbox ${sandbox.kind}`,
      ok,
      detail: check.ok ? sandbox.description : `not usable: ${check.detail}`,
      fix: fixFor(ok, check.code ?? "sandbox-unavailable"),
    };
  });
}
