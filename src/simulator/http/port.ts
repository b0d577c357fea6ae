import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { RepairError } from "../../domain/errors.ts";

export type Port = {
  readonly url: string;
  /** Closes the port and all connections, and opens it again after so many real milliseconds. */
  closeFor(milliseconds: number): void;
  stop(): Promise<void>;
};

/** An HTTP server on one port. Throws RepairError `usage` when the port is taken. */
export async function openPort(host: string, wanted: number, handle: RequestListener): Promise<Port> {
  const server = createServer(handle);
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", (cause) => {
        reject(new RepairError("usage", `cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
      });
      server.listen(port, host, resolve);
    });
  await listen(wanted);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : wanted;
  let reopening: NodeJS.Timeout | null = null;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://${host}:${port}`,
    closeFor(milliseconds) {
      if (reopening !== null) return;
      void close();
      reopening = setTimeout(() => {
        reopening = null;
        // Nobody waits for this; a port that was taken meanwhile stays closed, which its users will see.
        listen(port).catch(() => undefined);
      }, milliseconds);
    },
    async stop() {
      if (reopening === null) return close();
      clearTimeout(reopening);
    },
  };
}
