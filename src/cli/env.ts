import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { Command } from "commander";
import { processConfig, type Config } from "../config.ts";
import type { EnvironmentCheck } from "../domain/environment-check.ts";
import { environmentTerminalText } from "../report/environment-check.ts";
import { checkEnvironment } from "../runs/check-environment.ts";
import { wireLogger } from "../wire/base.ts";
import { wireCheck } from "../wire/tools.ts";
import { interruption } from "./interruption.ts";
import { withOwnData } from "./own-data.ts";
import { createProgressView } from "./progress-view.ts";
import { localSettings, tellNotes } from "./local-settings.ts";
import { withImage } from "./with-image.ts";

type Options = {
  readonly repo: string;
  readonly ref: string;
  readonly image?: string;
  readonly json: boolean;
  readonly verbose: boolean;
};

/** `copatcher env`: the environment that a repository's commands run in. */
export const envCommand = (): Command =>
  new Command("env").description("build environments").addCommand(build());

const build = (): Command =>
  new Command("build")
    .description("build a local repository's environment and run its tests once in it, without network")
    .requiredOption("--repo <dir>", "local git repository (a work tree or a bare one)")
    .option("--ref <commit>", "commit, tag or branch", "HEAD")
    .option("--image <name>", "sandbox image that has the repository's dependencies; nothing else is set up")
    .option("--verbose", "log to standard error, the commands' output with it", false)
    .option("--json", "print one JSON object on the last line", false)
    .action((options: Options) => runBuild(options));

async function runBuild(options: Options): Promise<void> {
  const config = processConfig("cli");
  const check = await withOwnData(config, (own) => buildLocally(own, options));
  const { tests, unable } = check;
  const seen = tests.kind === "none" || (tests.crashed === null && tests.passed > 0);
  const ok = unable === null && seen;
  if (options.json) console.log(JSON.stringify({ ...check, ok }));
  else console.log(environmentTerminalText(check));
  if (!ok) process.exitCode = 1;
}

async function buildLocally(config: Config, options: Options): Promise<EnvironmentCheck> {
  const logger = wireLogger(config, options.verbose ? "debug" : "silent");
  const image = options.image ?? null;
  const tools = await wireCheck(config, logger, image);
  const view = createProgressView(["checkout", "environment", "validate"], options.json);
  try {
    return await checkEnvironment(tools, {
      label: `env-${randomUUID().slice(0, 8)}`,
      source: { kind: "local", directory: resolve(options.repo) },
      ref: options.ref,
      settings: localSettings(withImage(image), tools.defaults),
      onSettings: tellNotes,
      progress: view.report,
      signal: interruption(),
    });
  } finally {
    await view.end();
  }
}
