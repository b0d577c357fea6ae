import { randomBytes, timingSafeEqual } from "node:crypto";
import { lookup } from "node:dns/promises";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { RequestError, Server, type PrepareRequestFunctionOpts } from "proxy-chain";
import type { Egress } from "../../ports/egress.ts";
import type { Logger } from "../../ports/logger.ts";
import { decide, type EgressPolicy, type Resolve } from "./decide.ts";
import { hostRules } from "./host-rules.ts";
import { openSocketDoor } from "./socket-door.ts";

export type EgressOptions = {
  /** Hosts on the internet: `pypi.org`, `*.npmjs.org`, `host:8443`; ports 80 and 443 unless given. */
  readonly hosts: readonly string[];
  /** Hosts of the operator's own network, in the same notation; they may have private addresses. */
  readonly privateHosts: readonly string[];
  /** URL of the proxy that this machine itself must use, null for none. */
  readonly upstream: string | null;
  readonly logger: Logger;
  /** Addresses of a host; the system's own resolver unless given. */
  readonly resolve?: Resolve;
};

/** A target as every program reads it the same: no user, no port but digits, no second notation. */
const plainTunnel = /^[A-Za-z0-9_.-]+:\d{1,5}$/;
const plainUrl = /^http:\/\/[A-Za-z0-9_.-]+(:\d{1,5})?([/?].*)?$/;

const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** A forward proxy per build with a list of hosts. Throws RepairError `config-invalid` for a wrong list. */
export function createEgress(options: EgressOptions): Egress {
  const { upstream, logger, resolve = resolveBySystem } = options;
  const operators: Omit<EgressPolicy, "within"> = {
    allowed: hostRules(options.hosts),
    allowedPrivately: hostRules(options.privateHosts),
    upstream,
    resolve,
  };
  return {
    async open(place, within, onRefusal) {
      const policy = { ...operators, within: within === null ? null : hostRules(within) };
      const credential = `copatcher:${randomBytes(24).toString("hex")}`;
      const known = new WeakSet<Socket>();
      const refusals = new Set<string>();
      const refuse = (why: string): RequestError => {
        if (!refusals.has(why) && refusals.size < maxRefusals) {
          refusals.add(why);
          logger.info({ why }, "set-up request refused");
          onRefusal(why);
        }
        return new RequestError(`${why}\n`, 403);
      };
      const mayUse = ({ request, username, password }: PrepareRequestFunctionOpts): boolean => {
        const { socket } = request;
        const may = known.has(socket) || sameText(`${username}:${password}`, credential);
        // a client that authenticated once on a connection need not do it again
        if (may) known.add(socket);
        return may;
      };
      // connections of this process to the same host must not be shared
      const httpAgent = new Agent({ keepAlive: false });
      const server = new Server({
        port: 0,
        host: place.kind === "address" ? place.address : "127.0.0.1",
        authRealm: "copatcher",
        async prepareRequestFunction(asked) {
          if (!mayUse(asked)) return { requestAuthentication: true };
          const plain = asked.isHttp ? plainUrl : plainTunnel;
          if (!plain.test(asked.request.url ?? "")) throw new RequestError("not a plain target\n", 400);
          const decision = await decide(policy, asked.hostname, asked.port);
          switch (decision.kind) {
            case "refused":
              throw refuse(decision.why);
            case "upstream":
              return { upstreamProxyUrl: decision.url, httpAgent };
            case "direct":
              // the pinned lookup has the shape that net.connect asks for
              return { dnsLookup: decision.lookup as typeof import("node:dns").lookup, httpAgent };
          }
        },
      });
      server.on("requestFailed", ({ error }: { error: unknown }) => {
        logger.debug({ error }, "set-up request failed");
      });
      await server.listen();
      const door = place.kind === "socket" ? await openSocketDoor(place.path, server.port) : null;
      return {
        port: server.port,
        credential,
        refusals: () => [...refusals],
        async close() {
          await door?.close();
          await server.close(true);
        },
      };
    },
  };
}

/** A step that asks for countless names must not fill the memory. */
const maxRefusals = 100;

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
