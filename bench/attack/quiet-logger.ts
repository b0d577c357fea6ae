import type { Logger } from "../../src/ports/logger.ts";

/** Attacks provoke warnings on purpose; only errors are shown. */
export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (data, text) => console.error(text, data),
};
