import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { groupsOf, sandboxesOf, startBot } from "./bot.ts";
import { makeSandbox, unusable } from "./usable.ts";

/** Processes of this machine that run a program called so. */
const running = (name: string): number =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[1] === name;
    } catch {
      return false;
    }
  }).length;

describe.skipIf(unusable)(
  "a bot that uses bubblewrap (needs bwrap 0.8 and unprivileged user name spaces)",
  () => {
    test("leaves no process behind when it is killed, and the next start removes its groups", async () => {
      const mark = `bomb-${process.pid}`;
      const bomb = `bomb() { setsid sleep 3000.${process.pid} & sleep 0.05; bomb & bomb; }`;
      const instance = `killed-${process.pid}`;
      const bot = startBot(instance, `# ${mark}\n${bomb}; bomb; sleep 60`);
      const pid = bot.pid ?? 0;
      await expect.poll(() => running(`3000.${process.pid}`), { timeout: 60_000 }).toBeGreaterThan(3);
      expect(sandboxesOf(pid).length).toBeGreaterThan(0);

      bot.kill("SIGKILL");
      await once(bot, "exit");

      await expect
        .poll(() => sandboxesOf(pid).length + running(`3000.${process.pid}`), { timeout: 60_000 })
        .toBe(0);
      const next = makeSandbox(1, instance);
      await next.reap();
      expect(groupsOf(pid)).toEqual([]);
      expect(await next.reap()).toBe(0);
    });

    test("hands nothing that it inherited itself to commands", async () => {
      const bot = startBot(
        "inherited",
        // no pipeline: the shell would hold its ends while they are listed
        "readlink /proc/self/fd/40 || true; for fd in /proc/$$/fd/*; do readlink $fd; done >/tmp/fds; grep -c -E 'socket|pipe' /tmp/fds || true",
      );
      let said = "";
      bot.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      await once(bot, "close");

      expect(JSON.parse(said)).toMatchObject({ stdout: "/dev/null\n0\n" });
    });
  },
);
