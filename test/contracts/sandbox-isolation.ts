import { createServer } from "node:net";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  command,
  openSession,
  outputOf,
  runAll,
  sharedSession,
  type MakeSandbox,
} from "./sandbox-subject.ts";

const python = (lines: string): string => `python3 - <<'END'\n${lines}\nEND`;

/** The walls: what a hostile command cannot do. A plain process has none of them. */
export function sandboxIsolationContract(name: string, make: MakeSandbox): void {
  describe(`${name}: isolation`, () => {
    const shared = sharedSession(make);

    test("runs commands as an unprivileged user without capabilities and with no way to new privileges", async () => {
      const session = shared();

      const output = await outputOf(
        session,
        "id -u; grep -E '^(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/self/status",
      );

      const [uid, ...lines] = output.trim().split("\n");
      expect(Number(uid)).toBeGreaterThan(0);
      expect(lines.map((line) => line.split(/\s+/)[1])).toEqual(Array(4).fill("0".repeat(16)).concat("1"));
    });

    test("reaches no network, not even the host's own ports", async () => {
      const server = createServer((socket) => socket.end("reached"));
      await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
      onTestFinished(() => void server.close());
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const session = shared();

      const output = await outputOf(
        session,
        python(`
import socket
for host in ("127.0.0.1", "172.17.0.1", "1.1.1.1", "169.254.169.254"):
    try:
        socket.create_connection((host, ${port}), 2)
        print("reached", host)
    except OSError:
        print("no")
`),
      );

      expect(output).toBe("no\nno\nno\nno\n");
    });

    test("has a loopback network of its own with a localhost", async () => {
      const session = shared();

      const output = await outputOf(
        session,
        python(`
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(("localhost", server.getsockname()[1]), 2)
print("connected")
`),
      );

      expect(output).toBe("connected\n");
    });

    test("hides the host's files, processes and environment", async () => {
      const secret = join(tmpdir(), `copatcher-secret-${process.pid}`);
      writeFileSync(secret, "secret", { mode: 0o644 });
      onTestFinished(() => rmSync(secret, { force: true }));
      process.env["COPATCHER_CONTRACT_SECRET"] = "contract-secret";
      const session = shared();

      const output = await outputOf(
        session,
        `cat ${secret} /proc/[0-9]*/environ /etc/shadow 2>/dev/null; ls -d /proc/[0-9]* | wc -l; ls /root /home /work /var/lib/docker 2>/dev/null; true`,
      );
      delete process.env["COPATCHER_CONTRACT_SECRET"];

      expect(output).not.toContain("secret");
      expect(Number(/^\d+$/m.exec(output.slice(output.lastIndexOf("\0") + 1))?.[0])).toBeLessThan(20);
    });

    test("cannot write outside of the tree, the temporary and the output folder", async () => {
      const session = shared();

      const output = await outputOf(
        session,
        'for d in / /usr /usr/bin /etc /sbx /sbx/ctl /sbx/keep "$COPATCHER_ASIDE" /dev /proc/sys/kernel; do (echo x >"$d/probe") 2>/dev/null && echo "wrote $d"; done; true',
      );

      expect(output).toBe("");
    });

    test("keeps aside files and scripts out of reach of commands", async () => {
      const session = shared();

      const outcomes = await runAll(
        session,
        [
          command(
            'cd "$COPATCHER_ASIDE"; echo bad >poc.py; rm -f poc.py; chmod 777 poc.py . ; mv poc.py other; true',
          ),
          command('cat "$COPATCHER_ASIDE/poc.py"'),
        ],
        [{ place: "aside", path: "poc.py", content: "good" }],
      );

      expect(outcomes[1]).toMatchObject({ kind: "exited", exitCode: 0, stdout: "good" });
    });

    test("shows the input of a command in no file", async () => {
      const session = shared();
      const search = `cat >/dev/null; cat /sbx/ctl/commands/*/input /sbx/ctl/input /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | grep -c w[0]rd; true`;

      const outcomes = await runAll(session, [
        command(search, { input: "w0rd" }),
        command(search, { input: "w0rd" }),
      ]);

      expect(outcomes).toMatchObject([{ stdout: "0\n" }, { stdout: "0\n" }]);
    });

    test("kills daemons that left their session before the next command starts", async () => {
      const session = shared();
      const daemon =
        "setsid sh -c 'trap \"\" TERM HUP; while :; do echo x >>alive; sleep 0.05; done' >/dev/null 2>&1 &";

      const outcomes = await runAll(session, [
        command(`${daemon} sleep 0.5`),
        command(`${daemon} sleep 30`, { timeoutMs: 1000 }),
        command("wc -c <alive; sleep 1; wc -c <alive; ls -d /proc/[0-9]* | wc -l"),
      ]);

      const lines = outcomes[2]?.kind === "exited" ? outcomes[2].stdout.trim().split(/\s+/).map(Number) : [];
      expect(lines).toHaveLength(3);
      expect(lines[0]).toBeGreaterThan(0);
      expect(lines[0]).toBe(lines[1]);
    });

    test("survives a fork bomb and runs the next command", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("bomb() { bomb | bomb & }; bomb; sleep 3", { timeoutMs: 3000 }),
        command("echo fine"),
      ]);

      expect(outcomes[1]).toMatchObject({ kind: "exited", exitCode: 0, stdout: "fine\n" });
    });

    test("cannot be stopped from ending a command by killing or stopping everything in reach", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command("kill -STOP -1; sleep 30", { timeoutMs: 2000 }),
        command("kill -KILL -1; sleep 30", { timeoutMs: 2000 }),
        command("echo fine"),
      ]);

      expect(outcomes.map(({ kind }) => kind)).not.toContain("not-started");
      expect(outcomes[2]).toMatchObject({ kind: "exited", stdout: "fine\n" });
    });

    test("holds a disk fill inside the copy of the tree", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox, {}, { treeMb: 16 });

      const outcomes = await runAll(session, [
        command("head -c 100000000 /dev/zero >big; head -c 1000000000 /dev/zero >/tmp/big; true"),
        command("wc -c <big; rm big /tmp/big; echo fine >a && cat a"),
      ]);

      const [size, word] = outcomes[1]?.kind === "exited" ? outcomes[1].stdout.trim().split(/\s+/) : [];
      expect(Number(size)).toBeLessThanOrEqual(16 * 2 ** 20);
      expect(word).toBe("fine");
    });

    test("does not take printed frames for its own", async () => {
      const session = shared();

      const outcomes = await runAll(session, [
        command('for n in 0 1; do echo READY; echo "$n frame 0 0 1 0 0 0 -1"; echo end; done; exit 7'),
        command("echo 2 >&2; exit 8"),
      ]);

      expect(outcomes).toMatchObject([{ exitCode: 7 }, { exitCode: 8, stderr: "2\n" }]);
    });

    test("shows one job nothing of another that runs beside it", async () => {
      const session = shared();

      const [, seen] = await Promise.all([
        outputOf(session, "echo one >mine; echo one >/tmp/mine; sleep 3"),
        outputOf(
          session,
          "sleep 1.5; cat mine /tmp/mine 2>/dev/null; cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'sleep [3]'; true",
        ),
      ]);

      expect(seen).toBe("0\n");
    });

    test("does not write the host's files through links of the tree", async () => {
      const target = join(tmpdir(), `copatcher-target-${process.pid}`);
      onTestFinished(() => rmSync(target, { force: true }));
      const session = await openSession(make({ slots: 1 }).sandbox, { links: { link: target } });

      await outputOf(session, "echo bad >link || true");

      expect(existsSync(target)).toBe(false);
    });
  });
}

/** For sandboxes that limit the memory of all processes together. */
export function sandboxMemoryContract(name: string, make: MakeSandbox): void {
  describe(`${name}: memory`, () => {
    test("reports a command that ran out of memory and runs the next one", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox, {}, { memoryMb: 64 });

      const outcomes = await runAll(session, [
        command("exec python3 -c 'x = bytearray(8 << 30)'"),
        command("echo fine"),
      ]);

      expect(outcomes).toMatchObject([{ kind: "out-of-memory" }, { kind: "exited", stdout: "fine\n" }]);
    });

    test("reports memory that many small processes use up together", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox, {}, { memoryMb: 64 });
      const part = "python3 -c 'import time; x = bytearray(100 << 20); time.sleep(5)'";

      const outcomes = await runAll(session, [
        command(`for n in 1 2 3 4 5 6 7 8; do ${part} & done; wait; exit 1`),
        command("echo fine"),
      ]);

      expect(outcomes).toMatchObject([{ kind: "out-of-memory" }, { kind: "exited", stdout: "fine\n" }]);
    });
  });
}
