import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBubblewrapSandbox } from "../../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import {
  command,
  never,
  openSession,
  outputOf,
  runAll,
  sharedSession,
  someLimits,
  treeOf,
} from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { refusedCalls } from "./refused-calls.ts";
import { makeSandbox, unusable } from "./usable.ts";

const withoutJdk =
  process.env["COPATCHER_REQUIRE_ALL"] !== "1" && spawnSync("javac", ["-version"]).status !== 0;

const python = (lines: string): string => `python3 - <<'END'\n${lines}\nEND`;

describe.skipIf(unusable)("bubblewrap's walls (need bwrap 0.8 and unprivileged user name spaces)", () => {
  const shared = sharedSession(({ slots }) => ({ sandbox: makeSandbox(slots), leftovers: () => [] }));

  test.runIf(process.arch === "x64")("refuse every system call that leads out (x86-64)", async () => {
    expect(await outputOf(shared(), python(refusedCalls))).toBe("");
  });

  test.skipIf(withoutJdk)("let the host's JDK compile and run (needs a JDK)", async () => {
    const source = 'public class A { public static void main(String[] a) { System.out.println("ran"); } }';
    const script = `printf %s '${source}' >/tmp/A.java && cd /tmp && javac A.java && java A`;

    expect(await outputOf(shared(), script)).toBe("ran\n");
  });

  test("leave threads, processes, sockets and programs their ordinary calls", async () => {
    const script = python(`
import asyncio, concurrent.futures, multiprocessing, socket, subprocess, threading
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(len, ["ab"] * 20)))
with multiprocessing.Pool(2) as pool:
    print(sum(pool.map(abs, [-1, -2])))
async def main():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    child = await asyncio.create_subprocess_exec("echo", "child", stdout=-1)
    return (await child.communicate())[0].decode()
print(asyncio.run(main()))
`);

    expect(await outputOf(shared(), script)).toBe("40\n3\nchild\n\n");
  });

  test.runIf(spawnSync("git", ["--version"]).status === 0)("let git make a commit (needs git)", async () => {
    const script =
      "git init -q x && cd x && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m m && git log --format=%s";

    expect(await outputOf(shared(), script)).toBe("m\n");
  });

  test("show commands no environment and no terminal of the host", async () => {
    const script =
      "tr '\\0' '\\n' </proc/1/environ | cut -d= -f1 | sort | tr '\\n' ' '; wc -l </etc/passwd; tty; true";

    expect(await outputOf(shared(), script)).toBe("OLDPWD PATH PWD 2\nnot a tty\n");
  });

  test("hold a flood of empty files in every writable folder", async () => {
    const session = await openSession(makeSandbox(), {}, { processes: 64 });
    const script = python(`
import errno, os
for folder in ("/sbx/repo", "/tmp", "/sbx/out", "/dev/shm"):
    count = 0
    try:
        while count < 200000:
            os.mknod(f"{folder}/{count}")
            count += 1
    except OSError as error:
        print(folder, errno.errorcode[error.errno], count < 60000)
`);

    const [outcome] = await runAll(session, [command(script, { timeoutMs: 60_000 })]);

    expect(outcome).toMatchObject({
      stdout: "/sbx/repo ENOSPC True\n/tmp ENOSPC True\n/sbx/out ENOSPC True\n/dev/shm ENOSPC True\n",
    });
  });

  test("show an environment read-only at its place, also one of a single job", async () => {
    const folder = mkdtempSync(join(tmpdir(), "copatcher-env-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "a"), "installed");
    const unused = () => Promise.reject(new Error("not part of this test"));
    const environments = {
      build: unused,
      layer: unused,
      discard: unused,
      use: (path: string) => Promise.resolve(path === folder ? () => Promise.resolve() : null),
    };
    const sandbox = createBubblewrapSandbox({
      instance: "test",
      slots: 1,
      environments,
      logger: createSilentLogger(),
    });
    const script = 'cat "$COPATCHER_ENV/a"; (echo x >"$COPATCHER_ENV/a") 2>/dev/null || echo " closed"';
    const open = async (environment: string | null) => {
      const request = { label: "x", warmUp: null, tree: treeOf({}), limits: someLimits, environment };
      const session = await sandbox.open(request, never());
      onTestFinished(() => session.close());
      return session;
    };
    const [given, plain] = [await open(folder), await open(null)];

    expect(await outputOf(given, script)).toBe("installed closed\n");
    const job = { label: "x", environment: folder, files: [], commands: [command(script)] };
    expect(await plain.run(job, never())).toMatchObject([{ stdout: "installed closed\n" }]);
    await expect(open("/etc")).rejects.toMatchObject({ code: "sandbox-image-missing" });
  });

  test("keep what a warm-up left for later jobs, and nothing of one that failed", async () => {
    const tree = treeOf({ files: { "a.txt": "base" } });
    const request = { label: "x", environment: null, tree, limits: someLimits };
    const open = async (warmUp: string) => {
      const session = await makeSandbox().open({ ...request, warmUp }, never());
      onTestFinished(() => session.close());
      return session;
    };
    const good = await open("echo warm >b.txt");
    const bad = await open("echo warm >b.txt; exit 1");
    const look = "cat a.txt b.txt 2>/dev/null || true";

    await expect.poll(() => outputOf(good, look), { timeout: 20_000 }).toBe("basewarm\n");
    expect(await outputOf(bad, look)).toBe("base");
  });
});
