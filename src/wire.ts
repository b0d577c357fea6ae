import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Probot } from "probot";
import { createBubblewrapSandbox } from "./adapters/bubblewrap/bubblewrap-sandbox.ts";
import { createBubblewrapEnvironments } from "./adapters/bubblewrap/environments.ts";
import { createDockerSandbox } from "./adapters/docker/docker-sandbox.ts";
import { createDockerEnvironments } from "./adapters/docker/environment/environments.ts";
import { createEgress } from "./adapters/egress/egress.ts";
import { installationId } from "./adapters/files/installation-id.ts";
import { loadPromptBook } from "./adapters/files/prompt-book.ts";
import { createRunReports } from "./adapters/files/run-reports.ts";
import { createGitWorkspace } from "./adapters/git/git-workspace.ts";
import { createGitHubAppForge } from "./adapters/github/app-forge.ts";
import { createGitHubForges } from "./adapters/github/forge.ts";
import { countedFetch } from "./wire/counted-fetch.ts";
import { UnthrottledOctokit } from "./wire/unthrottled-octokit.ts";
import { createLocalForge } from "./adapters/local/local-forge.ts";
import { createMemoryJournal } from "./adapters/memory/journal.ts";
import { noRecord } from "./adapters/memory/no-record.ts";
import { createOpenAiClient } from "./adapters/openai/client.ts";
import type { Endpoint } from "./adapters/openai/endpoint.ts";
import { probeServers, type ServerReport } from "./adapters/openai/probe-servers.ts";
import { inspectServer, type ServerReport as DatabaseReport } from "./adapters/postgres/inspect-server.ts";
import { openStore, type Store } from "./adapters/postgres/store.ts";
import { createProcessSandbox } from "./adapters/process/process-sandbox.ts";
import { createSystemClock } from "./adapters/system/clock.ts";
import { createLogger } from "./adapters/system/logger.ts";
import { chooseSandbox } from "./choose-sandbox.ts";
import type { AppConfig, Config } from "./config.ts";
import { passwordsOf } from "./config/database-url.ts";
import type { InferenceConfig } from "./config/inference-variables.ts";
import { profiles } from "./domain/settings.ts";
import type { Issue } from "./domain/issue.ts";
import { runPageUrl } from "./domain/run-page.ts";
import type { Role } from "./domain/transcript.ts";
import { loadLanguages } from "./languages/detect.ts";
import type { AppForge } from "./ports/app-forge.ts";
import type { Forge, Forges } from "./ports/forge.ts";
import type { InferenceClient } from "./ports/inference-client.ts";
import type { Journal } from "./ports/journal.ts";
import type { Logger } from "./ports/logger.ts";
import type { RunRecord } from "./ports/run-record.ts";
import type { RunReportReader, RunReports } from "./ports/run-reports.ts";
import type { Sandbox } from "./ports/sandbox.ts";
import type { CheckDependencies } from "./runs/check-environment.ts";
import { linkingForges } from "./runs/linking-forges.ts";
import { redactingForges } from "./runs/redacting-forges.ts";
import type { RepairTools } from "./runs/repair-issue.ts";
import { forgesWithLastGood } from "./runs/settings-last-good.ts";

/** Prompts lie beside `src` and beside `dist`. */
const promptDirectory = fileURLToPath(new URL("../prompts", import.meta.url));

export const clock = createSystemClock();

/** A journal that keeps nothing beyond this process. */
export const wireMemoryJournal = (): Journal => createMemoryJournal();

/** A record of nothing, for runs that nobody looks at later. */
export const wireNoRecord = (): RunRecord => noRecord;

/** The forge of the command line: a folder instead of GitHub. */
export const wireLocalForge = (directory: string, repositoryDirectory: string, issue: Issue): Forge =>
  createLocalForge({ directory, repositoryDirectory, issue });

/** What neither a log nor a forge may show. */
export const secretsOf = (config: Config): readonly string[] =>
  [
    config.app?.privateKey,
    config.app?.webhookSecret,
    ...Object.values(config.inference?.roles ?? {}).map(({ key }) => key),
    ...passwordsOf(config.setup.proxy),
    ...passwordsOf(config.databaseUrl),
  ].filter((secret) => typeof secret === "string");

/** JSON lines on standard error, with this configuration's secrets masked. */
export const wireLogger = (config: Config, level: Config["logLevel"] = config.logLevel): Logger =>
  createLogger({ level, secrets: secretsOf(config) });

/** Runs, queue and journal of the configured database, or of the data directory, which is this process's own. */
export const wireStore = (config: Config, logger: Logger): Promise<Store> =>
  openStore({
    directory: join(config.dataDirectory, "store"),
    databaseUrl: config.databaseUrl,
    worker: installationId(config.dataDirectory),
    leaseMs: config.runs.leaseMs,
    clock,
    logger,
  });

/** What DATABASE_URL leads to; null without one. Throws RepairError when no store can be opened there. */
export const wireDatabaseReport = async (config: Config, logger: Logger): Promise<DatabaseReport | null> =>
  config.databaseUrl === null ? null : inspectServer(config.databaseUrl, logger);

export const wireReports = (config: Config): RunReports & RunReportReader =>
  createRunReports(join(config.dataDirectory, "runs"));

/** Every sandbox of this configuration with its environments, in order of preference; nothing is started. */
export function wireSandboxes(config: Config, logger: Logger): readonly Sandbox[] {
  const { sandbox, setup, dataDirectory } = config;
  const common = { instance: installationId(dataDirectory), slots: sandbox.slots, logger };
  const builds = {
    instance: installationId(setup.directory),
    directory: setup.directory,
    egress: createEgress({
      hosts: setup.hosts,
      privateHosts: setup.privateHosts,
      upstream: setup.proxy,
      logger,
    }),
    certificates: setup.caFile,
    disk: setup.disk,
    keep: setup.keep,
    logger,
  };
  const engine = { host: sandbox.dockerHost, defaultImage: sandbox.image };
  return [
    createDockerSandbox({
      ...common,
      ...engine,
      environments: createDockerEnvironments({ ...builds, ...engine, dockerfiles: setup.dockerfiles }),
    }),
    createBubblewrapSandbox({ ...common, environments: createBubblewrapEnvironments(builds) }),
    ...(sandbox.processAllowed ? [createProcessSandbox({ slots: sandbox.slots, logger })] : []),
  ];
}

/** The machinery that builds and tries environments; `image` is the sandbox image that will be asked for, if known. */
export async function wireCheck(
  config: Config,
  logger: Logger,
  image: string | null = null,
): Promise<CheckDependencies> {
  const { kind: choice, processAllowed: trusted, memoryMb } = config.sandbox;
  const { memoryMb: setupMemoryMb, stepMinutes } = config.setup;
  const [sandbox, languages] = await Promise.all([
    chooseSandbox(wireSandboxes(config, logger), { choice, image, trusted }, logger),
    loadLanguages(),
  ]);
  return {
    workspace: createGitWorkspace({
      directory: join(config.dataDirectory, "repositories"),
      maxRepositoryMb: config.maxRepositoryMb,
      logger,
      clock,
    }),
    sandbox,
    languages,
    defaults: { memoryMb, setup: { memoryMb: setupMemoryMb, stepMinutes } },
    logger,
  };
}

/** The machinery of a repair with the given models; `image` is the sandbox image that will be asked for, if known. */
export async function wireTools(
  config: Config,
  inference: InferenceClient,
  logger: Logger,
  image: string | null = null,
): Promise<RepairTools> {
  const [machinery, prompts] = await Promise.all([
    wireCheck(config, logger, image),
    loadPromptBook(promptDirectory),
  ]);
  return {
    ...machinery,
    inference,
    prompts,
    defaults: {
      ...machinery.defaults,
      profile: profiles[config.profile],
      critique: config.critique,
      rankingMethod: "lexicographic",
      feedbackTurns: config.feedbackTurns,
      schedule: { earlyStop: config.earlyStop },
    },
  };
}

/** The servers of each role. */
function endpointsOf(config: InferenceConfig): Readonly<Record<Role, readonly Endpoint[]>> {
  const ofRole = (role: Role): readonly Endpoint[] => {
    const { urls, model, key, think } = config.roles[role];
    const told = think === null ? {} : { think };
    return urls.map((baseUrl) => ({ baseUrl, model, apiKey: key, system: config.systemPrompt, ...told }));
  };
  return {
    "loc-gen": ofRole("loc-gen"),
    "val-assert": ofRole("val-assert"),
    "val-no-assert": ofRole("val-no-assert"),
  };
}

export const wireInference = (config: InferenceConfig, logger: Logger): InferenceClient =>
  createOpenAiClient({
    endpoints: endpointsOf(config),
    concurrency: config.concurrency,
    affinityHeader: config.affinityHeader,
    clock,
    logger,
  });

/** What the configured servers are like, asked with small calls. */
export const wireServerReports = (
  config: InferenceConfig,
  signal: AbortSignal,
): Promise<readonly ServerReport[]> => probeServers(endpointsOf(config), clock, signal);

/** GitHub as the App itself sees it, and as the runs see it; Probot authenticates both. */
export function wireGitHub(
  config: Config & { readonly app: AppConfig },
  logger: Logger,
  /** Called for each request that GitHub refuses for its rate limits. */
  limited: () => void = () => {},
): { readonly app: AppForge; readonly forges: Forges } {
  const { app, github } = config;
  const probot = new Probot({
    appId: app.id,
    privateKey: app.privateKey,
    secret: app.webhookSecret,
    baseUrl: github.apiUrl,
    Octokit: UnthrottledOctokit,
    request: { fetch: countedFetch(limited) },
    logLevel: "warn",
  });
  const forges = createGitHubForges({
    octokitForInstallation: (id) => probot.auth(id),
    webUrl: github.webUrl,
    clock,
    logger,
  });
  return {
    app: createGitHubAppForge((id) => probot.auth(id ?? undefined)),
    forges: redactingForges(wireLinks(config, forgesWithLastGood(forges, logger)), secretsOf(config)),
  };
}

/** What is written leads to the runs' pages where people can reach them. */
function wireLinks({ app, server }: Config & { readonly app: AppConfig }, forges: Forges): Forges {
  const { publicUrl } = server;
  if (publicUrl === null) return forges;
  return linkingForges(forges, (id) => runPageUrl(publicUrl, app.webhookSecret, id));
}
