import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** A socket file whose connections go on to a port of the loopback address: the proxy itself only speaks TCP. */
export async function openSocketDoor(
  path: string,
  port: number,
): Promise<{ readonly close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.once("close", () => open.delete(client));
    const target = connect(port, "127.0.0.1");
    pipeline(client, target, client, () => target.destroy());
  });
  server.listen(path);
  await once(server, "listening");
  // whoever finds the file still needs the credential; the steps run as another user
  await chmod(path, 0o666);
  return {
    async close() {
      for (const client of open) client.destroy();
      server.close();
      await rm(path, { force: true });
    },
  };
}
