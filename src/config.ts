import { resolve } from "node:path";
import { z } from "zod";
import { configInvalid, type Problem } from "./config/problem.ts";
import { checkCaFile } from "./config/ca-file.ts";
import { addressVariables, inferenceOf, type InferenceConfig } from "./config/inference-variables.ts";
import { readPrivateKey } from "./config/private-key.ts";
import { retentionOf, type RetentionConfig } from "./config/retention-variables.ts";
import { leastLeaseSeconds, runsOf, type RunsConfig } from "./config/run-variables.ts";
import { variableSchemas } from "./config/variables.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The App's identity; `privateKey` is PEM text that parses as an RSA key. */
export type AppConfig = {
  readonly id: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
};

export type SandboxConfig = {
  readonly kind: "auto" | "docker" | "bubblewrap" | "process";
  /** Only in the demo, for its own sample project: a plain process may stand in for a sandbox. */
  readonly processAllowed: boolean;
  readonly image: string;
  readonly slots: number;
  readonly memoryMb: number;
  /** `unix://` or `tcp://`; null means the engine's usual socket. */
  readonly dockerHost: string | null;
};

/** How a repository's environment is built, the only step with network access. */
export type SetupConfig = {
  /** Host names, or `*.` and one, perhaps with a port. */
  readonly hosts: readonly string[];
  /** Of the operator's own network: these may have private addresses. */
  readonly privateHosts: readonly string[];
  /** Folder below which environments and the logs of their builds are kept; commands share it with the bot. */
  readonly directory: string;
  /** Of one command. */
  readonly stepMinutes: number;
  readonly memoryMb: number;
  /** What one set-up may leave on the disk. */
  readonly disk: { readonly mb: number; readonly files: number };
  /** How many environments are kept, those used last. */
  readonly keep: number;
  readonly dockerfiles: boolean;
  /** Absolute path of a PEM file. */
  readonly caFile: string | null;
  /** Address of an HTTP proxy, perhaps with a password. */
  readonly proxy: string | null;
};

/** Everything the environment decides. Addresses have no trailing slash, the data folder is absolute. */
export type Config = {
  /** Null only for the command line, when the App's variables are not set. */
  readonly app: AppConfig | null;
  readonly github: { readonly apiUrl: string; readonly webUrl: string };
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Where people reach this process, or one like it; null: nobody is led to the runs' pages. */
    readonly publicUrl: string | null;
  };
  readonly dataDirectory: string;
  /** Of a PostgreSQL server, perhaps with a password; null keeps runs in the data directory. */
  readonly databaseUrl: string | null;
  readonly runs: RunsConfig;
  readonly retention: RetentionConfig;
  /** Null only for the command line, when no inference address is set. */
  readonly inference: InferenceConfig | null;
  readonly sandbox: SandboxConfig;
  readonly setup: SetupConfig;
  readonly maxRepositoryMb: number;
  readonly profile: "paper" | "quick";
  readonly critique: boolean;
  readonly feedbackTurns: number;
  readonly earlyStop: boolean;
  /** Whether repositories that get the App are offered a settings file. */
  readonly onboarding: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
};

export type ServerConfig = Config & { readonly app: AppConfig; readonly inference: InferenceConfig };

// DEBUG makes libraries print what they handle: simple-git shows git's environment, and with it GitHub's token. They
// read it when they are loaded, which is why both programs load this file first.
delete process.env["DEBUG"];

/** Variables of tests and of their set-up, which share the prefix. */
const foreign = new Set([
  "COPATCHER_REQUIRE_ALL",
  "COPATCHER_DOCKERD_LOG",
  "COPATCHER_TEST_DATABASE_URL",
  "COPATCHER_BENCH_DATABASE_URL",
]);

/** What Kubernetes tells every container of a Service named copatcher, or copatcher-something. */
const ofService =
  /^COPATCHER_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)?)$/;

/**
 * The configuration in `env`; a variable that is empty counts as unset. Throws one RepairError
 * `config-invalid` that names every problem. The App and the inference address are required by the server only.
 */
export function readConfig(env: Env, mode: "server"): ServerConfig;
export function readConfig(env: Env, mode: "cli"): Config;
export function readConfig(env: Env, mode: "server" | "cli"): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Variables.safeParse(set);
  const key = readPrivateKey({ PRIVATE_KEY: set["PRIVATE_KEY"], PRIVATE_KEY_PATH: set["PRIVATE_KEY_PATH"] });
  const caFile = checkCaFile(set["COPATCHER_SETUP_CA_FILE"]);
  const problems: Problem[] = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      variable: String(path[0]),
      problem: message,
    })),
    ...(key !== null && typeof key !== "string" ? [key] : []),
    ...(caFile === null ? [] : [caFile]),
    ...(mode === "server" ? missingForServer(set) : []),
    ...missingAddresses(set, mode),
    ...missingDatabase(set),
    ...untrusted(set, mode),
    ...shortLease(set),
    ...unknown(set),
  ];
  if (!parsed.success || problems.length > 0) throw configInvalid(problems);
  return assemble(parsed.data, typeof key === "string" ? key : null);
}

/** The configuration of this process. */
export function processConfig(mode: "server"): ServerConfig;
export function processConfig(mode: "cli"): Config;
export function processConfig(mode: "server" | "cli"): Config {
  return mode === "server" ? readConfig(process.env, mode) : readConfig(process.env, mode);
}

const Variables = z.object(variableSchemas);
type Variables = z.infer<typeof Variables>;

const missing = (variable: string): Problem => ({ variable, problem: "is not set" });

function missingForServer(env: Env): readonly Problem[] {
  const key = env["PRIVATE_KEY"] ?? env["PRIVATE_KEY_PATH"];
  return [
    ...["APP_ID", "WEBHOOK_SECRET"].filter((name) => env[name] === undefined).map(missing),
    ...(key === undefined ? [{ variable: "PRIVATE_KEY", problem: "is not set, nor PRIVATE_KEY_PATH" }] : []),
  ];
}

/** Every role needs an address; on the command line none at all is fine too (recorded answers). */
function missingAddresses(env: Env, mode: "server" | "cli"): readonly Problem[] {
  if (env["COPATCHER_INFERENCE_URL"] !== undefined) return [];
  const absent = addressVariables.filter((name) => env[name] === undefined);
  if (absent.length === 0) return [];
  if (absent.length === 3) return mode === "server" ? [missing("COPATCHER_INFERENCE_URL")] : [];
  return absent.map((variable) => ({ variable, problem: "is not set, nor COPATCHER_INFERENCE_URL" }));
}

function untrusted(env: Env, mode: "server" | "cli"): readonly Problem[] {
  if (env["COPATCHER_TRUST_REPOSITORIES"] === "demo") {
    if (mode === "cli" || isLoopback(env["GITHUB_API_URL"])) return [];
    const problem = "must not be set: the repositories of this GITHUB_API_URL are not the demo's own";
    return [{ variable: "COPATCHER_TRUST_REPOSITORIES", problem }];
  }
  if (env["COPATCHER_SANDBOX"] !== "process") return [];
  const problem = "must not be process: it does not isolate, and only the demo may use it";
  return [{ variable: "COPATCHER_SANDBOX", problem }];
}

/** The demo's embedded GitHub is on this machine. */
const isLoopback = (url: string | undefined): boolean =>
  url !== undefined &&
  URL.canParse(url) &&
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);

/** A change on its way to GitHub must land before its run is another's; the tests' own GitHub takes no such time. */
function shortLease(env: Env): readonly Problem[] {
  const seconds = Number(env["COPATCHER_LEASE_SECONDS"] ?? leastLeaseSeconds);
  if (!(seconds < leastLeaseSeconds) || isLoopback(env["GITHUB_API_URL"])) return [];
  const problem = `must be ${leastLeaseSeconds} or more: GitHub is given 10 seconds to make a change`;
  return [{ variable: "COPATCHER_LEASE_SECONDS", problem }];
}

/** Processes that share the work share a database. */
function missingDatabase(env: Env): readonly Problem[] {
  const role = env["COPATCHER_PROCESS"];
  if (role === undefined || role === "all" || env["DATABASE_URL"] !== undefined) return [];
  return [{ variable: "DATABASE_URL", problem: `is not set, and COPATCHER_PROCESS=${role} needs it` }];
}

/** A misspelt name would otherwise leave its default in force without a word. */
function unknown(env: Env): readonly Problem[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("COPATCHER_") && !(name in variableSchemas))
    .filter((name) => !foreign.has(name) && !ofService.test(name))
    .map((variable) => ({ variable, problem: "is no variable of Copatcher; check its spelling" }));
}

function assemble(values: Variables, privateKey: string | null): Config {
  const { APP_ID: id, WEBHOOK_SECRET: webhookSecret } = values;
  return {
    app:
      id === undefined || webhookSecret === undefined || privateKey === null
        ? null
        : { id, privateKey, webhookSecret },
    github: {
      apiUrl: values.GITHUB_API_URL,
      webUrl: values.GITHUB_WEB_URL ?? webUrlOf(values.GITHUB_API_URL),
    },
    server: { host: values.HOST, port: values.PORT, publicUrl: values.COPATCHER_PUBLIC_URL ?? null },
    dataDirectory: resolve(values.COPATCHER_DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    runs: runsOf(values),
    retention: retentionOf(values),
    inference: inferenceOf(values),
    sandbox: {
      kind: values.COPATCHER_SANDBOX,
      processAllowed: values.COPATCHER_TRUST_REPOSITORIES === "demo",
      image: values.COPATCHER_SANDBOX_IMAGE,
      slots: values.COPATCHER_SANDBOX_SLOTS,
      memoryMb: values.COPATCHER_SANDBOX_MEMORY_MB,
      dockerHost: values.DOCKER_HOST ?? null,
    },
    setup: {
      hosts: values.COPATCHER_SETUP_HOSTS,
      privateHosts: values.COPATCHER_SETUP_PRIVATE_HOSTS,
      directory: resolve(values.COPATCHER_DATA_DIR),
      stepMinutes: values.COPATCHER_SETUP_MINUTES,
      memoryMb: values.COPATCHER_SETUP_MEMORY_MB,
      disk: { mb: values.COPATCHER_SETUP_DISK_MB, files: values.COPATCHER_SETUP_FILES },
      keep: values.COPATCHER_SETUP_KEEP,
      dockerfiles: values.COPATCHER_DOCKERFILES,
      caFile: values.COPATCHER_SETUP_CA_FILE === undefined ? null : resolve(values.COPATCHER_SETUP_CA_FILE),
      proxy: values.COPATCHER_SETUP_PROXY ?? null,
    },
    maxRepositoryMb: values.COPATCHER_MAX_REPOSITORY_MB,
    profile: values.COPATCHER_PROFILE,
    critique: values.COPATCHER_CRITIQUE,
    feedbackTurns: values.COPATCHER_FEEDBACK_TURNS,
    earlyStop: values.COPATCHER_EARLY_STOP,
    onboarding: values.COPATCHER_ONBOARDING,
    logLevel: values.COPATCHER_LOG_LEVEL,
  };
}

/** github.com and ghe.com put the API on a host of its own (`api.`), GitHub Enterprise Server below `/api/v3`. */
function webUrlOf(apiUrl: string): string {
  const { protocol, host, pathname } = new URL(apiUrl);
  return `${protocol}//${pathname === "/" ? host.replace(/^api\./, "") : host}`;
}
