import type { Logger } from "../../src/ports/logger.ts";

/** Only what goes wrong is shown: it would explain a figure. */
export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (data, text) => console.error(text, data),
  error: (data, text) => console.error(text, data),
};
