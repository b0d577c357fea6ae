import type { Logger } from "../../src/ports/logger.ts";

/** Keeps what was logged, for tests that look at it. */
export type SilentLogger = Logger & {
  readonly lines: { level: string; data: Record<string, unknown>; text: string }[];
};

export function createSilentLogger(): SilentLogger {
  const lines: SilentLogger["lines"] = [];
  const keep = (level: string) => (data: Record<string, unknown>, text: string) => {
    lines.push({ level, data, text });
  };
  return { lines, debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
}
