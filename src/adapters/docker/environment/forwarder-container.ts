import type { ContainerCreateOptions } from "dockerode";
import type { Labels } from "../container-config.ts";
import { seccompProfile } from "../seccomp-profile.ts";

const mb = 2 ** 20;
const nobody = 65_534;
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
import base64, os, socket, sys, threading
line = b"\\r\\nProxy-Authorization: Basic " + base64.b64encode(sys.argv[1].encode()) + b"\\r\\n"
def copy(source, target):
    try:
        while True:
            data = source.recv(65536)
            if not data: break
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try: end.shutdown(socket.SHUT_RDWR)
            except OSError: pass
def serve(client):
    with client, socket.socket(socket.AF_UNIX) as proxy:
        head = b""
        while b"\\r\\n" not in head:
            data = client.recv(65536)
            if not data: return
            head += data
        if b"\\r\\nproxy-authorization:" not in head.lower():
            head = head.replace(b"\\r\\n", line, 1)
        proxy.connect("${way}/${socketName}")
        proxy.sendall(head)
        back = threading.Thread(target=copy, args=(proxy, client), daemon=True)
        back.start()
        copy(client, proxy)
        back.join()
def guarded(client):
    try: serve(client)
    except OSError: pass
def watch():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
door = socket.create_server(("127.0.0.1", ${forwardPort}), backlog=64)
print("ready", flush=True)
while True:
    client, _ = door.accept()
    threading.Thread(target=guarded, args=(client,), daemon=True).start()
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
      PidsLimit: 512,
      Mounts: [{ Type: "bind", Source: folder, Target: way, ReadOnly: true }],
      LogConfig: { Type: "none", Config: {} },
    },
  };
}
