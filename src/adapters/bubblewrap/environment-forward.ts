import { shellQuote } from "../../driver/shell-quote.ts";
import { proxySocketPath } from "./walls.ts";

/** Where a step finds the proxy: its network name space has nothing but this. */
export const forwardPort = 3128;

/** A program for Node.js: from the port to the proxy's socket, with the credential in the first head of a connection. */
const program = `
const net = require("net");
const [credential] = process.argv.slice(1);
const line = "\\r\\nProxy-Authorization: Basic " + Buffer.from(credential).toString("base64") + "\\r\\n";
net.createServer((client) => {
  const proxy = net.connect(${JSON.stringify(proxySocketPath)});
  const end = () => { client.destroy(); proxy.destroy(); };
  client.on("error", end).on("close", end);
  proxy.on("error", end).on("close", end);
  let head = "";
  const first = (chunk) => {
    head += chunk.toString("latin1");
    const at = head.indexOf("\\r\\n");
    if (at < 0) return;
    client.off("data", first);
    const known = /\\r\\nproxy-authorization:/i.test(head);
    proxy.write(Buffer.from(known ? head : head.slice(0, at) + line + head.slice(at + 2), "latin1"));
    client.pipe(proxy);
  };
  client.on("data", first);
  proxy.pipe(client);
}).listen(${forwardPort}, "127.0.0.1", () => console.log("ready"));
`;

/**
 * Shell that starts the forwarder beside a step and waits until it listens; it ends with the step's name space. `node` is
 * the host's own program as the step sees it.
 */
export const forwardScript = (node: string, credential: string): string =>
  `mkfifo /tmp/.copatcher-ready
${shellQuote(node)} -e ${shellQuote(program)} ${shellQuote(credential)} >/tmp/.copatcher-ready 2>/dev/null </dev/null &
read -r copatcher_ready </tmp/.copatcher-ready; rm -f /tmp/.copatcher-ready; unset copatcher_ready
`;
