import { type DestinationStream, pino, stdSerializers } from "pino";
import type { Logger } from "../../ports/logger.ts";

export type LoggerOptions = {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Values that must never be written, such as keys and the webhook secret. */
  readonly secrets: readonly string[];
  /** Where lines go; standard error when absent, so that a command's JSON stays alone on standard output. */
  readonly destination?: DestinationStream;
};

const mask = "[redacted]";

/** GitHub tokens of every kind (lengths differ), and JSON web tokens, which begin where a word does. */
const tokens = /\b(gh[oprsu]_|github_pat_)\w[\w.-]+|(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g;

/**
 * A logger that writes one JSON object per line. `error` and `err` in the data may be thrown values.
 * Secrets are masked in the finished line, so that no field, message or stack can carry one out.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  const written = secrets.flatMap(asWritten);
  const redact = (line: string) =>
    written.reduce((text, secret) => text.replaceAll(secret, mask), line).replaceAll(tokens, mask);
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: stdSerializers.errWithCause, err: stdSerializers.errWithCause },
    hooks: { streamWrite: redact },
  };
  const log = pino(options, destination ?? pino.destination({ dest: 2, sync: true }));
  return {
    debug: (data, text) => log.debug(data, text),
    info: (data, text) => log.info(data, text),
    warn: (data, text) => log.warn(data, text),
    error: (data, text) => log.error(data, text),
  };
}

/** A secret as a JSON line shows it; of one with several lines, each line of some length. */
const asWritten = (secret: string): readonly string[] =>
  secret
    .split(/\r?\n/)
    .map((line) => JSON.stringify(line).slice(1, -1))
    .filter((line) => line.length >= 8 && !line.startsWith("-----"));
