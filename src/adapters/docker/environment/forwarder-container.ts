import type { ContainerCreateOptions } from "dockerode";
import type { Labels } from "../container-config.ts";
import { seccompProfile } from "../seccomp-profile.ts";

const mb = 2 ** 20;
const nobody = 65_534;
/** npm 9 opens a connection per package when it is behind a proxy. */
const maxFiles = 16_384;
const way = "/sbx/way";

/** The proxy's socket in the folder that is shown to the forwarder. */
export const socketName = "proxy.sock";
/** Where a step finds the proxy on the loopback address. */
export const forwardPort = 3128;
/** What the forwarder prints when it listens. */
export const ready = "ready\n";

/**
 * From the port to the socket, with the credential in the first head of a connection: not every program sends one. Ends
 * when its standard input does, with the process that made it.
 */
const program = `
import asyncio, base64, os, sys, threading
line = b"\\r\\nProxy-Authorization: Basic " + base64.b64encode(sys.argv[1].encode()) + b"\\r\\n"
async def copy(source, target):
    while True:
        data = await source.read(65536)
        if not data: break
        target.write(data)
        await target.drain()
    target.write_eof()
async def forward(client, answer):
    head = b""
    while b"\\r\\n" not in head:
        data = await client.read(65536)
        if not data: return
        head += data
    if b"\\r\\nproxy-authorization:" not in head.lower():
        head = head.replace(b"\\r\\n", line, 1)
    back, proxy = await asyncio.open_unix_connection("${way}/${socketName}")
    try:
        proxy.write(head)
        await asyncio.gather(copy(client, proxy), copy(back, answer))
    finally: proxy.close()
async def serve(client, answer):
    try: await forward(client, answer)
    except OSError: pass
    finally: answer.close()
async def main():
    await asyncio.start_server(serve, "127.0.0.1", ${forwardPort}, backlog=1024)
    print("ready", flush=True)
    await asyncio.Event().wait()
def watch():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
asyncio.run(main())
`;

/** Holds the network name space of one build; the default image runs it, because it must have python3. */
export function forwarderContainer(
  image: string,
  labels: Labels,
  folder: string,
  credential: string,
): ContainerCreateOptions {
  return {
    Image: image,
    Labels: { ...labels },
    Entrypoint: [],
    Healthcheck: { Test: ["NONE"] },
    Cmd: ["python3", "-I", "-c", program, credential],
    User: `${nobody}:${nobody}`,
    WorkingDir: "/",
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Init: true,
      IpcMode: "private",
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", `seccomp=${seccompProfile}`],
      Memory: 256 * mb,
      MemorySwap: 256 * mb,
      PidsLimit: 16,
      Ulimits: [{ Name: "nofile", Soft: maxFiles, Hard: maxFiles }],
      Mounts: [{ Type: "bind", Source: folder, Target: way, ReadOnly: true }],
      LogConfig: { Type: "none", Config: {} },
    },
  };
}
