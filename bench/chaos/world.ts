import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { botEnvironment, freePort } from "../../src/demo/environment.ts";
import { startEmbeddedGitHub, type EmbeddedGitHub } from "../../src/demo/github/embedded-github.ts";
import { createBot, type Bot } from "./bot.ts";
import { createServerDatabase, embeddedDatabase, type Database } from "./database.ts";
import { startModels, type Models } from "./models.ts";
import { startEngine, type Engine } from "./engine.ts";
import { leaseMs, maintainer } from "./names.ts";
import { createProject } from "./project.ts";
import { createWitness, type Witness } from "./witness.ts";

export type Layout = {
  readonly database: "embedded" | "postgres";
  /** Processes beside the web process; with the embedded database there is one that does everything. */
  readonly workers: number;
  /** Runs candidates in containers of an engine of its own instead of plain processes. */
  readonly engine: boolean;
};

/** A GitHub, models and a database that survive what is done to the bot. */
export type World = {
  readonly github: EmbeddedGitHub;
  readonly models: Models;
  readonly database: Database;
  readonly bots: readonly Bot[];
  readonly witness: Witness;
  readonly engine: Engine | null;
  close(): Promise<void>;
};

const owner = "acme";

export async function openWorld(directory: string, program: string, layout: Layout): Promise<World> {
  const repository = join(directory, "calc.git");
  await createProject(repository);
  const port = await freePort();
  const webhookSecret = randomBytes(24).toString("hex");
  const models = await startModels();
  const engine = layout.engine ? await startEngine(join(directory, "engine")) : null;
  const github = await startEmbeddedGitHub({
    appName: "copatcher",
    webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
    webhookSecret,
    repository: { owner, name: "calc", bareGitDirectory: repository, defaultBranch: "main" },
    users: [
      { login: maintainer, permission: "write" },
      { login: "jonas", permission: "read" },
    ],
  });
  const onServer = layout.database === "postgres";
  const dataOf = (name: string): string => join(directory, name);
  const database = onServer
    ? await createServerDatabase()
    : embeddedDatabase(join(dataOf("bot"), "store", "pgdata"));
  const witness = createWitness();
  const names = onServer
    ? ["web", ...Array.from({ length: layout.workers }, (_, index) => `worker-${index + 1}`)]
    : ["bot"];
  const bots = names.map((name) => {
    const role = name === "bot" ? "all" : name === "web" ? "web" : "worker";
    const environment = {
      ...botEnvironment({ github, webhookSecret, modelsUrl: models.url, port, dataDirectory: dataOf(name) }),
      COPATCHER_SANDBOX: "process",
      COPATCHER_LOG_LEVEL: "debug",
      COPATCHER_PROCESS: role,
      // only webhooks need a port that others know
      ...(role === "worker" ? { PORT: "0" } : {}),
      // who is alone takes its runs back at its start
      ...(onServer ? { COPATCHER_LEASE_SECONDS: String(leaseMs / 1000) } : {}),
      COPATCHER_DRAIN_SECONDS: "1",
      COPATCHER_RUNS: onServer ? "3" : "5",
      COPATCHER_MAX_DAILY_RUNS: "0",
      COPATCHER_MAX_OPEN_PULL_REQUESTS: "0",
      // by this the models know who asks
      COPATCHER_INFERENCE_KEY: name,
      ...(database.url === null ? {} : { DATABASE_URL: database.url }),
      ...engine?.environment,
    };
    const logFile = join(directory, `${name}.log`);
    return createBot({ name, role, program, environment, logFile, onLine: witness.note });
  });
  const killBots = () => Promise.all(bots.map((bot) => bot.kill()));
  // who breaks the command off leaves no bot behind
  const onExit = (): void => void killBots();
  process.once("exit", onExit);
  return {
    github,
    models,
    database,
    bots,
    witness,
    engine,
    async close() {
      await killBots();
      process.off("exit", onExit);
      await Promise.all([models.stop(), github.stop(), database.drop(), engine?.stop()]);
    },
  };
}
