import { Command } from "commander";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { measure, type Engine, type Measured } from "./measure.ts";

type Options = {
  readonly rounds: number;
  readonly seconds: number;
  readonly engine: "both" | "embedded" | "postgres";
  readonly json: boolean;
};

/** `npm run bench -- webhooks`: a storm of signed deliveries beside a Probot that stores nothing (issue 4). */
export const webhooksBench = (): Command =>
  new Command("webhooks")
    .description(
      "deliveries taken per second beside a bare Probot that stores nothing, embedded and on PostgreSQL (COPATCHER_BENCH_DATABASE_URL, or one of its own)",
    )
    .option("--rounds <n>", "repetitions of each measurement", Number, 5)
    .option("--seconds <n>", "length of each", Number, 3)
    .option("--engine <name>", "embedded, postgres or both", "both")
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

async function run({ rounds, seconds, engine, json }: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-bench-"));
  const say = (text: string) => console.error(text);
  try {
    const measured: Record<string, Measured> = {};
    const take = async (one: Engine): Promise<void> => {
      measured[one.name] = await measure(one, { directory, rounds, seconds, say });
    };
    if (engine !== "postgres") await take({ name: "embedded", databaseUrl: null });
    if (engine !== "embedded") await onDatabase((databaseUrl) => take({ name: "postgres", databaseUrl }));
    const report = { bench: "webhooks", ...worst(Object.values(measured)), ...measured };
    console.log(json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of each figure the worse one. */
function worst(all: readonly Measured[]): Measured {
  const least = (name: keyof Measured) => Math.min(...all.map((one) => one[name]));
  const most = (name: keyof Measured) => Math.max(...all.map((one) => one[name]));
  return {
    bareProbotPerSecond: least("bareProbotPerSecond"),
    irrelevantRatio: least("irrelevantRatio"),
    durableRatio: least("durableRatio"),
    irrelevantPerSecond: least("irrelevantPerSecond"),
    durablePerSecond: least("durablePerSecond"),
    p50Ms: most("p50Ms"),
    p99Ms: most("p99Ms"),
    accepted: least("accepted"),
    stored: least("stored"),
    lost: most("lost"),
  };
}

/** A database for this benchmark alone, on the given server or on the one that the tests use. */
async function onDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env["COPATCHER_BENCH_DATABASE_URL"];
  const server = new URL(given ?? startedServer());
  const name = `copatcher_bench_${randomBytes(4).toString("hex")}`;
  const admin = new Client({ connectionString: server.href });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    server.pathname = `/${name}`;
    await work(server.href);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

function startedServer(): string {
  const script = fileURLToPath(new URL("../../.ci/postgres-up.sh", import.meta.url));
  const { status, stdout, stderr } = spawnSync(script, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`no PostgreSQL; name one in COPATCHER_BENCH_DATABASE_URL: ${stderr.trim()}`);
  return stdout.trim();
}
