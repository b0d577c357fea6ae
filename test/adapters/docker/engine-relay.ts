import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Stands between a sandbox and the real engine, and plays its failures. */
export type EngineRelay = {
  readonly socketPath: string;
  /** Cuts all connections without a word and lets nobody in, like an engine that was killed. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** Accepts connections and never answers, like an engine that hangs; connections under way fall silent. */
  hang(): void;
  resume(): void;
};

export async function createEngineRelay(): Promise<EngineRelay> {
  const folder = mkdtempSync(join(tmpdir(), "copatcher-relay-"));
  const socketPath = join(folder, "docker.sock");
  const sockets = new Set<Socket>();
  let hanging = false;
  let server: Server | null = null;

  const open = (): Promise<void> =>
    new Promise((resolve) => {
      const opened = createServer({ allowHalfOpen: true }, (client) => {
        const engine = connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
        for (const [from, to] of [
          [client, engine],
          [engine, client],
        ] as const) {
          sockets.add(from);
          from.on("error", () => undefined);
          from.on("close", () => {
            sockets.delete(from);
            to.destroy();
          });
          from.pipe(to);
        }
        if (hanging) for (const socket of [client, engine]) socket.unpipe().pause();
      });
      server = opened;
      opened.listen(socketPath, resolve);
    });
  const cut = async (): Promise<void> => {
    const closing = server;
    server = null;
    const closed = new Promise((resolve) => closing?.close(resolve));
    for (const socket of sockets) socket.destroy();
    if (closing !== null) await closed;
    rmSync(socketPath, { force: true });
  };

  await open();
  onTestFinished(async () => {
    await cut();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    socketPath,
    cut,
    restore: open,
    hang() {
      hanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    resume() {
      hanging = false;
    },
  };
}
