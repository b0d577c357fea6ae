/**
 * Lets one request of a question go ahead to each server, so that the others find its prompt computed. Engines other than
 * vLLM would compute it once for each request that comes at the same time.
 */
export type PrefixGate = {
  /** Resolves when a request may be sent to `server`; the first one's `open` lets the others follow. */
  enter(server: string): Promise<{ open(): void }>;
};

export function createPrefixGate(): PrefixGate {
  const opened = new Map<string, Promise<void>>();
  return {
    async enter(server) {
      const before = opened.get(server);
      let open = (): void => undefined;
      if (before === undefined) opened.set(server, new Promise((resolve) => (open = resolve)));
      await before;
      return { open };
    },
  };
}
