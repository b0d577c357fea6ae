import type { Config } from "../config.ts";
import type { Logger } from "../ports/logger.ts";
import { wireStore } from "../wire/store.ts";
import { withOwnData } from "./own-data.ts";

type Store = Awaited<ReturnType<typeof wireStore>>;

/**
 * Does `work` with the configured store. The embedded one belongs to one process, so the bot must have stopped; a
 * server's is shared, and the command comes to it under a name of its own.
 */
export async function withStore<T>(
  config: Config,
  logger: Logger,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const open = async (mine: Config): Promise<T> => {
    const store = await wireStore(mine, logger);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  if (config.databaseUrl === null) return open(config);
  return withOwnData(config, ({ dataDirectory }) => open({ ...config, dataDirectory }));
}
