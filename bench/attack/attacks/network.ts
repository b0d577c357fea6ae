import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { python, type Attack } from "../attack.ts";
import { inside } from "../inside.ts";

const addresses = [
  ...new Set([
    "127.0.0.1",
    "172.17.0.1",
    ...Object.values(networkInterfaces()).flatMap((all = []) =>
      all.flatMap(({ address, family }) => (family === "IPv4" ? [address] : [])),
    ),
  ]),
];

/** Node cannot listen on abstract sockets in all its versions. */
const listener = `
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind("\\0" + sys.argv[1]); server.listen(5)
print("ready", flush=True)
while True: server.accept()[0].close()
`;

/** With a listener of the host's on every address while the attack runs. */
export async function network(): Promise<readonly Attack[]> {
  const tcp = createServer((socket) => socket.on("error", () => undefined).end("reached"));
  await new Promise<void>((resolve) => tcp.listen(0, "0.0.0.0", resolve));
  tcp.unref();
  const bound = tcp.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const udp = createSocket("udp4");
  await new Promise<void>((resolve) => udp.bind(port, "0.0.0.0", resolve));
  udp.on("message", (_, { port: from, address }) => udp.send("reached", from, address)).unref();
  const name = `copatcher-attack-${process.pid}`;
  const abstract = spawn("python3", ["-c", listener, name], { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => abstract.kill("SIGKILL"));
  await once(abstract.stdout, "data");
  const hosts = JSON.stringify(addresses);
  return [
    inside({
      name: "tcp-to-the-host",
      tries: `connects to the host's own ports on ${addresses.length} addresses`,
      stoppedBy: "a network namespace with loopback only",
      script: python(`
for host in ${hosts}:
    try:
        socket.create_connection((host, ${port}), 2); escaped("connected to", host); break
    except OSError: pass
`),
    }),
    inside({
      name: "udp-to-the-host",
      tries: "asks the host over UDP, as a DNS query would",
      stoppedBy: "a network namespace with loopback only",
      script: python(`
for host in ${hosts}:
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1)
        s.sendto(b"query", (host, ${port}))
        if s.recv(100): escaped("answered by", host); break
    except OSError: pass
`),
    }),
    inside({
      name: "routes",
      tries: "looks for a route to the internet, to DNS servers and to the link-local metadata service",
      stoppedBy: "a network namespace with loopback only",
      script: python(`
for host in ("1.1.1.1", "8.8.8.8", "169.254.169.254", "169.254.170.2", "192.168.0.1"):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect((host, 53)); escaped("has a route to", host); break
    except OSError as error: print(error)
`),
    }),
    inside({
      name: "abstract-socket",
      tries: "connects to an abstract socket of the host",
      stoppedBy: "a network namespace of its own",
      script: python(`
try:
    socket.socket(socket.AF_UNIX).connect("\\0${name}"); escaped("connected")
except OSError as error: print(error)
`),
    }),
    inside({
      name: "vsock",
      tries: "opens a channel to the hypervisor's host (AF_VSOCK), which no network namespace confines",
      stoppedBy: "the system call filter",
      script: python(`
try: socket.socket(40, socket.SOCK_STREAM); escaped("has a VSOCK socket")
except OSError as error: print(error)
`),
    }),
    inside({
      name: "raw-sockets",
      tries: "opens raw and packet sockets",
      stoppedBy: "missing capabilities and the system call filter",
      script: python(`
for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (17, socket.SOCK_RAW)):
    try: socket.socket(family, kind, 1); escaped("has a raw socket of family", family)
    except OSError as error: print(error)
`),
    }),
    inside({
      name: "odd-families",
      tries:
        "opens sockets of rarely used families (AF_ALG, AF_KEY, AF_BLUETOOTH, AF_CAN, AF_TIPC, AF_XDP, AF_RDS)",
      stoppedBy: "the system call filter",
      script: python(`
for family in (38, 15, 31, 29, 30, 44, 21, 37, 41):
    for kind in (socket.SOCK_RAW, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try: socket.socket(family, kind, 0); escaped("has a socket of family", family); break
        except OSError: pass
`),
    }),
  ];
}
