import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createEgress, type EgressOptions } from "../../../src/adapters/egress/egress.ts";
import type { EgressGate } from "../../../src/ports/egress.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const webServer = (text = "hello"): Promise<number> => listening(createServer((_, reply) => reply.end(text)));

async function openGate(
  options: Partial<EgressOptions>,
  refused: string[] = [],
  socket: string | null = null,
  within: readonly string[] | null = null,
): Promise<EgressGate> {
  const egress = createEgress({
    hosts: [],
    privateHosts: [],
    upstream: null,
    logger: createSilentLogger(),
    resolve: () => Promise.resolve(["127.0.0.1"]),
    ...options,
  });
  const gate = await egress.open(
    socket === null ? { kind: "address", address: "127.0.0.1" } : { kind: "socket", path: socket },
    within,
    (text) => refused.push(text),
  );
  onTestFinished(() => gate.close());
  return gate;
}

type Way = { readonly port: number } | { readonly socketPath: string };

const authorization = (credential: string) => ({
  "proxy-authorization": `Basic ${Buffer.from(credential).toString("base64")}`,
});

/** Status and body of a plain request through the proxy. */
function get(way: Way, credential: string | null, url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: "x", ...(credential === null ? {} : authorization(credential)) };
    const asked = request({ host: "127.0.0.1", ...way, path: url, headers, agent: false }, (reply) => {
      let body = "";
      reply.on("data", (chunk: Buffer) => (body += chunk.toString()));
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    asked.on("error", reject).end();
  });
}

/** Status of asking for a tunnel. */
function connect(gate: EgressGate, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = authorization(gate.credential);
    const asked = request({ host: "127.0.0.1", port: gate.port, method: "CONNECT", path: target, headers });
    asked.on("connect", (reply, socket) => {
      socket.destroy();
      resolve(reply.statusCode ?? 0);
    });
    asked.on("response", (reply) => resolve(reply.statusCode ?? 0));
    asked.on("error", reject).end();
  });
}

describe("egress", () => {
  test("lets a listed host through, plainly and as a tunnel", async () => {
    const port = await webServer();
    const gate = await openGate({ privateHosts: [`index.corp:${port}`] });

    expect(await get(gate, gate.credential, `http://index.corp:${port}/x`)).toEqual({
      status: 200,
      body: "hello",
    });
    expect(await connect(gate, `index.corp:${port}`)).toBe(200);
  });

  test("refuses and names every other host, each once", async () => {
    const refused: string[] = [];
    const gate = await openGate({ hosts: ["pypi.org"] }, refused);

    expect(await connect(gate, "evil.example:443")).toBe(403);
    expect(await connect(gate, "evil.example:443")).toBe(403);
    expect((await get(gate, gate.credential, "http://evil.example:8080/")).status).toBe(403);

    expect(refused).toEqual([
      "blocked: evil.example is not on COPATCHER_SETUP_HOSTS",
      "blocked: evil.example:8080 is not on COPATCHER_SETUP_HOSTS",
    ]);
    expect(gate.refusals()).toEqual(refused);
  });

  test("lets only those of the operator's hosts through that the repository names, and no other that it names", async () => {
    const port = await webServer();
    const refused: string[] = [];
    const operators = { hosts: ["pypi.org"], privateHosts: [`index.corp:${port}`, `other.corp:${port}`] };
    const within = [`index.corp:${port}`, "evil.example"];
    const gate = await openGate(operators, refused, null, within);

    expect(await connect(gate, `index.corp:${port}`)).toBe(200);
    for (const target of ["pypi.org:443", `other.corp:${port}`, "evil.example:443"])
      expect(await connect(gate, target)).toBe(403);
    expect(refused).toEqual([
      "blocked: pypi.org is not in network.setup of the settings",
      `blocked: other.corp:${port} is not in network.setup of the settings`,
      "blocked: evil.example is not on COPATCHER_SETUP_HOSTS",
    ]);
  });

  test("lets nothing through where the repository names no host", async () => {
    const port = await webServer();
    const gate = await openGate({ privateHosts: [`index.corp:${port}`] }, [], null, []);

    expect(await connect(gate, `index.corp:${port}`)).toBe(403);
  });

  test.each([
    "pypi.org:22",
    "pypi.org.evil.example:443",
    "notpypi.org:443",
    "npmjs.org:443",
    "127.0.0.1:443",
  ])("refuses %s beside pypi.org and *.npmjs.org", async (target) => {
    const gate = await openGate({ hosts: ["pypi.org", "*.npmjs.org"] });

    expect(await connect(gate, target)).toBe(403);
  });

  test.each(["user@pypi.org:443", "pypi.org:443/x@evil.example", "[::1]:443", "pypi.org:443#x"])(
    "does not guess what %s means",
    async (target) => {
      const gate = await openGate({ hosts: ["pypi.org"], upstream: "http://127.0.0.1:9" });

      expect([400, 403]).toContain(await connect(gate, target));
    },
  );

  test.each(["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "fe80::1", "::ffff:127.0.0.1"])(
    "refuses a listed host that resolves to %s",
    async (address) => {
      const refused: string[] = [];
      const gate = await openGate(
        { hosts: ["pypi.org"], resolve: () => Promise.resolve(["192.0.2.1", address]) },
        refused,
      );

      expect(await connect(gate, "pypi.org:443")).toBe(403);
      expect(refused).toEqual([`blocked: pypi.org resolves to the private address ${address}`]);
    },
  );

  test("keeps the operator's own hosts away from link-local addresses too", async () => {
    const resolve = () => Promise.resolve(["169.254.169.254"]);
    const gate = await openGate({ privateHosts: ["index.corp"], resolve });

    expect(await connect(gate, "index.corp:443")).toBe(403);
  });

  test("connects to the address that was checked, whatever the name resolves to next", async () => {
    const port = await webServer();
    let asked = 0;
    const resolve = () => Promise.resolve((asked += 1) === 1 ? ["127.0.0.1"] : ["169.254.169.254"]);
    const gate = await openGate({ privateHosts: [`index.corp:${port}`], resolve });

    expect((await get(gate, gate.credential, `http://index.corp:${port}/`)).body).toBe("hello");
    expect(asked).toBe(1);
  });

  test("serves nobody without the credential", async () => {
    const port = await webServer();
    const gate = await openGate({ privateHosts: [`index.corp:${port}`] });
    const url = `http://index.corp:${port}/`;

    expect((await get(gate, null, url)).status).toBe(407);
    expect((await get(gate, "copatcher:guess", url)).status).toBe(407);
    expect((await get(gate, gate.credential, url)).status).toBe(200);
  });

  test("goes through the operator's proxy, but not to the operator's own hosts", async () => {
    const port = await webServer("direct");
    const upstream = await webServer("through the proxy");
    const gate = await openGate({
      hosts: ["pypi.org"],
      privateHosts: [`index.corp:${port}`],
      upstream: `http://127.0.0.1:${upstream}`,
    });

    expect((await get(gate, gate.credential, "http://pypi.org/")).body).toBe("through the proxy");
    expect((await get(gate, gate.credential, `http://index.corp:${port}/`)).body).toBe("direct");
  });

  test("answers on a socket file, which is gone after closing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "copatcher-egress-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const port = await webServer();
    const socketPath = join(folder, "way");
    const gate = await openGate({ privateHosts: [`index.corp:${port}`] }, [], socketPath);

    const reply = await get({ socketPath }, gate.credential, `http://index.corp:${port}/`);
    await gate.close();

    expect(reply.body).toBe("hello");
    await expect(get({ socketPath }, gate.credential, "http://x/")).rejects.toThrow("ENOENT");
  });

  test.each(["http://pypi.org", "pypi.org/simple", "127.0.0.1", "[::1]", "0x7f.1", "*", "a b", "x:y", ""])(
    "refuses %j in the list",
    (entry) => {
      expect(() =>
        createEgress({ hosts: [entry], privateHosts: [], upstream: null, logger: createSilentLogger() }),
      ).toThrow("is no host name");
    },
  );
});
