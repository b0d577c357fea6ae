import { availableParallelism } from "node:os";
import { z } from "zod";

import { address, isHttp } from "./address.ts";
import { inferenceVariables } from "./inference-variables.ts";
import { retentionVariables } from "./retention-variables.ts";
import { runVariables } from "./run-variables.ts";
import { databaseUrl } from "./database-url.ts";
import { setupHosts } from "./setup-hosts.ts";
import { flag, oneOf, shown, whole } from "./variable-schema.ts";

/** Every environment variable that Copatcher reads, in the order people are shown them. */
export const variableSchemas = {
  APP_ID: shown(
    z
      .string()
      .refine((value) => !value.startsWith("Iv"), "is the client id; the App ID is the number beside it")
      .pipe(whole(1, 999_999_999_999))
      .optional(),
    { meaning: "Number of the GitHub App, from its settings page; the server needs it", example: "123456" },
  ),
  PRIVATE_KEY: shown(z.string().optional(), {
    meaning: "The App's private key as PEM text; line ends may be written as \\n; the server needs it",
    example: '"-----BEGIN RSA PRIVATE KEY-----\\n..."',
  }),
  PRIVATE_KEY_PATH: shown(z.string().optional(), {
    meaning: "File that holds the private key, instead of PRIVATE_KEY",
    example: "/run/secrets/copatcher.pem",
  }),
  WEBHOOK_SECRET: shown(
    z
      .string()
      .refine((value) => value !== "development", "is Probot's public default; choose a random one")
      .refine((value) => value === "development" || value.length >= 16, "must have at least 16 characters")
      .optional(),
    { meaning: "Secret of the App's webhook; the server needs it", example: "$(openssl rand -hex 32)" },
  ),
  GITHUB_API_URL: shown(address.prefault("https://api.github.com"), {
    meaning: "REST address of GitHub or of your GitHub Enterprise Server",
    example: "https://github.example.com/api/v3",
    fallback: "https://api.github.com",
  }),
  GITHUB_WEB_URL: shown(address.optional(), {
    meaning: "Address of GitHub for people and for git",
    example: "https://github.example.com",
    fallback: "derived from GITHUB_API_URL",
  }),
  HOST: shown(z.string().prefault("127.0.0.1"), {
    meaning: "Address the server listens on",
    example: "0.0.0.0",
    fallback: "127.0.0.1",
  }),
  PORT: shown(whole(0, 65_535).prefault("3000"), {
    meaning: "Port the server listens on; 0 takes a free one",
    example: "3000",
    fallback: "3000",
  }),
  COPATCHER_PUBLIC_URL: shown(address.optional(), {
    meaning: "Address at which people reach this server; comments and pull requests then link the run's page",
    example: "https://copatcher.example.com",
    fallback: "no links",
  }),
  COPATCHER_DATA_DIR: shown(z.string().prefault("./.copatcher"), {
    meaning: "Folder for runs, mirrors and archives; one process at a time",
    example: "/data",
    fallback: "./.copatcher",
  }),
  ...runVariables,
  DATABASE_URL: shown(databaseUrl.optional(), {
    meaning: "PostgreSQL database (14 or newer) for the runs, shared by any number of processes",
    example: "postgres://copatcher:secret@db.example.com:5432/copatcher?sslmode=verify-full",
    fallback: "a database inside the process, in COPATCHER_DATA_DIR",
  }),
  ...retentionVariables,
  ...inferenceVariables,
  COPATCHER_SANDBOX: shown(oneOf("auto", "docker", "bubblewrap", "process").prefault("auto"), {
    meaning: "What isolates model-written code: auto, docker or bubblewrap",
    example: "docker",
    fallback: "auto",
  }),
  COPATCHER_TRUST_REPOSITORIES: shown(
    z.literal("demo", { error: "must be demo, and only the demo may set it" }).optional(),
    { meaning: "Set by the demo: its own sample project may run as a plain process", example: "demo" },
  ),
  COPATCHER_SANDBOX_IMAGE: shown(
    z
      .string()
      .regex(/^[a-z0-9][\w./:@-]*$/i, "must be an image reference, without spaces")
      .prefault("python:3.12-slim"),
    { meaning: "Image that runs a repository's tests", example: "my-tests:1", fallback: "python:3.12-slim" },
  ),
  COPATCHER_SANDBOX_SLOTS: shown(
    whole(1, 256).prefault(() => String(availableParallelism())),
    {
      meaning: "Candidates checked at the same time",
      example: "4",
      fallback: "one per core",
    },
  ),
  COPATCHER_SANDBOX_MEMORY_MB: shown(whole(64, 1_048_576).prefault("2048"), {
    meaning: "Memory of one candidate's commands, in MiB",
    example: "4096",
    fallback: "2048",
  }),
  COPATCHER_SETUP_HOSTS: shown(setupHosts.prefault("default"), {
    meaning:
      "Hosts that a repository's set-up may reach, commas between; default stands for the usual registries",
    example: "default,github.com,pypi.example.com",
    fallback: "default",
  }),
  COPATCHER_SETUP_PRIVATE_HOSTS: shown(setupHosts.prefault("none"), {
    meaning: "The same for hosts of your own network, which may have private addresses: mirrors, registries",
    example: "nexus.example.com:8443",
    fallback: "none",
  }),
  COPATCHER_SETUP_MINUTES: shown(whole(1, 1440).prefault("20"), {
    meaning: "Time limit of one set-up command, in minutes",
    example: "60",
    fallback: "20",
  }),
  COPATCHER_SETUP_MEMORY_MB: shown(whole(64, 1_048_576).prefault("4096"), {
    meaning: "Memory of a repository's set-up, in MiB",
    example: "8192",
    fallback: "4096",
  }),
  COPATCHER_SETUP_DISK_MB: shown(whole(16, 1_048_576).prefault("8192"), {
    meaning: "What a repository's set-up may write to the disk, in MiB",
    example: "16384",
    fallback: "8192",
  }),
  COPATCHER_SETUP_FILES: shown(whole(1000, 100_000_000).prefault("1000000"), {
    meaning: "Files and folders that a repository's set-up may make",
    example: "3000000",
    fallback: "1000000",
  }),
  COPATCHER_SETUP_KEEP: shown(whole(1, 10_000).prefault("20"), {
    meaning: "Built environments that are kept, those used last",
    example: "50",
    fallback: "20",
  }),
  COPATCHER_DOCKERFILES: shown(flag("0"), {
    meaning:
      "1 lets repositories build their Dockerfile; the engine fetches what FROM and ADD name, from anywhere it reaches",
    example: "1",
    fallback: "0",
  }),
  COPATCHER_SETUP_CA_FILE: shown(z.string().optional(), {
    meaning:
      "PEM file with every certificate authority that a set-up shall trust, instead of its image's own",
    example: "/etc/ssl/company-ca.pem",
  }),
  COPATCHER_SETUP_PROXY: shown(
    z.string().refine(isHttp, "must be an address that begins with http:// or https://").optional(),
    {
      meaning: "HTTP proxy through which the set-up reaches its hosts",
      example: "http://proxy.example.com:3128",
    },
  ),
  COPATCHER_MAX_REPOSITORY_MB: shown(whole(1, 1_048_576).prefault("1024"), {
    meaning: "Largest tree that is accepted, in MiB",
    example: "2048",
    fallback: "1024",
  }),
  DOCKER_HOST: shown(
    z
      .string()
      .regex(/^(unix:\/\/\/.+|tcp:\/\/[^\s/@]+:\d+)$/, "must be unix:///path or tcp://host:port")
      .optional(),
    {
      meaning: "Docker engine to use",
      example: "unix:///var/run/docker.sock",
      fallback: "the engine's usual socket",
    },
  ),
  COPATCHER_PROFILE: shown(oneOf("paper", "quick").prefault("paper"), {
    meaning: "How much is sampled: paper (5 locations, 60 patches) or quick (3, 20)",
    example: "quick",
    fallback: "paper",
  }),
  COPATCHER_CRITIQUE: shown(flag("0"), {
    meaning: "1 lets the model criticise and refine each distinct patch once",
    example: "1",
    fallback: "0",
  }),
  COPATCHER_FEEDBACK_TURNS: shown(whole(0, 5).prefault("2"), {
    meaning: "Turns in which the models of the best patches are shown what failed, while no patch passes",
    example: "0",
    fallback: "2",
  }),
  COPATCHER_EARLY_STOP: shown(flag("1"), {
    meaning:
      "0 lets a run finish what cannot change its choice any more, so that every patch is shown with its verdict",
    example: "0",
    fallback: "1",
  }),
  COPATCHER_ONBOARDING: shown(flag("0"), {
    meaning: "1 offers a repository that gets the App, once, a pull request with a settings file",
    example: "1",
    fallback: "0",
  }),
  COPATCHER_LOG_LEVEL: shown(oneOf("debug", "info", "warn", "error", "silent").prefault("info"), {
    meaning: "Least severe log line that is written",
    example: "debug",
    fallback: "info",
  }),
} satisfies Readonly<Record<string, z.ZodType>>;

export type Variable = {
  readonly name: string;
  /** Text of the default; empty when there is none. */
  readonly fallback: string;
  readonly meaning: string;
  readonly example: string;
};

const Meta = z.object({ description: z.string(), example: z.string(), fallback: z.string() });

/** The table of variables for README and `doctor`. */
export const variables: readonly Variable[] = Object.entries(variableSchemas).map(([name, schema]) => {
  const { description, example, fallback } = Meta.parse(schema.meta());
  return { name, fallback, meaning: description, example };
});
