import { createSystemClock } from "../adapters/system/clock.ts";
import { createLogger } from "../adapters/system/logger.ts";
import { watchForStalls } from "../adapters/system/stall-watch.ts";
import type { Config } from "../config.ts";
import { passwordsOf } from "../config/database-url.ts";
import type { Logger } from "../ports/logger.ts";

export const clock = createSystemClock();

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

/** Ends this process when it hangs; whoever started it starts it again. */
export const wireStallWatch = (): void => void watchForStalls();
