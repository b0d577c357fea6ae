import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createBubblewrapSandbox } from "../../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import { sandboxContract } from "../../contracts/sandbox.ts";
import { sandboxIsolationContract } from "../../contracts/sandbox-isolation.ts";
import { never, outputOf, openSession, someLimits, treeOf } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const walls = ["--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "true"];
const usable = spawnSync("bwrap", walls, { stdio: "ignore" }).status === 0;

/** Every process of this machine whose command line names bubblewrap's driver. */
const bwrapProcesses = (): string[] =>
  readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return /bwrap\0.*\/sbx\/keep/s.test(readFileSync(`/proc/${name}/cmdline`, "utf8"));
    } catch {
      return false;
    }
  });

function make({ slots }: { slots: number }) {
  const sandbox = createBubblewrapSandbox({ instance: "test", slots, logger: createSilentLogger() });
  return { sandbox, leftovers: bwrapProcesses };
}

describe.skipIf(!usable && !required)(
  "bubblewrap (needs bwrap 0.8 and unprivileged user name spaces)",
  () => {
    sandboxContract("bubblewrap", make);
    sandboxIsolationContract("bubblewrap", make);

    test("refuses images, which it cannot run", async () => {
      const { sandbox } = make({ slots: 1 });
      const request = {
        label: "x",
        environment: "debian:12",
        warmUp: null,
        tree: treeOf({}),
        limits: someLimits,
      };

      expect(await sandbox.check("debian:12")).toMatchObject({ ok: false });
      await expect(sandbox.open(request, never())).rejects.toMatchObject({ code: "sandbox-image-missing" });
    });

    test("fails an allocation above the memory limit of a process", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox, {}, { memoryMb: 256 });
      const script = "python3 -c 'x = bytearray(1 << 30)' 2>&1 | tail -n 1";

      expect(await outputOf(session, script)).toBe("MemoryError\n");
    });

    test("lets commands make no name spaces of their own", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox);

      expect(await outputOf(session, "unshare -U true 2>/dev/null || echo refused")).toBe("refused\n");
    });

    test("finds the interpreter that the host's python3 is", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox);
      const ask = "import sys; print(sys.version)";
      const host = spawnSync("python3", ["-c", ask], { encoding: "utf8" }).stdout;

      expect(await outputOf(session, `python3 -c '${ask}'`)).toBe(host);
    });
  },
);
