import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPromptBook } from "../adapters/files/prompt-book.ts";
import { createGitWorkspace } from "../adapters/git/git-workspace.ts";
import { chooseSandbox } from "../choose-sandbox.ts";
import type { Config } from "../config.ts";
import { profiles } from "../domain/settings.ts";
import { loadLanguages } from "../languages/detect.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import type { Logger } from "../ports/logger.ts";
import type { CheckDependencies } from "../runs/check-environment.ts";
import type { RepairTools } from "../runs/repair-issue.ts";
import { clock } from "./base.ts";
import { wireSandboxes } from "./sandboxes.ts";

/** Prompts lie beside `src` and beside `dist`. */
const promptDirectory = fileURLToPath(new URL("../../prompts", import.meta.url));

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
