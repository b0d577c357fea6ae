import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { callFilter } from "../../../src/adapters/bubblewrap/call-filter.ts";
import type { MemoryLimiter } from "../../../src/adapters/bubblewrap/memory-limit.ts";
import { isScarce, memoryWatch } from "../../../src/adapters/bubblewrap/memory-watch.ts";
import { runJob, startSandbox } from "../../../src/adapters/bubblewrap/session-sandboxes.ts";
import { pythonFolders } from "../../../src/driver/host-python.ts";
import { command, never, someLimits } from "../../contracts/sandbox-subject.ts";
import { unusable } from "./usable.ts";

test.each([
  ["8 GB with 2 GB to give", 8_000_000, 2_000_000, 0, false],
  ["8 GB with 200 MB to give", 8_000_000, 200_000, 0, true],
  ["8 GB with 200 MB to give and swap", 8_000_000, 200_000, 1_000_000, false],
  ["1 GB with 60 MB to give", 1_000_000, 60_000, 0, false],
])("knows whether a host of %s runs out of memory", (_, total, available, swap, scarce) => {
  const memInfo = `MemTotal: ${total} kB\nMemAvailable: ${available} kB\nSwapFree: ${swap} kB\n`;

  expect(isScarce(memInfo)).toBe(scarce);
});

/** Whether a program with this first argument runs on this machine. */
const runs = (argument: string): boolean =>
  readdirSync("/proc").some((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0")[1] === argument
      );
    } catch {
      return false;
    }
  });

describe.skipIf(unusable)("the memory watch (needs bwrap 0.8 and unprivileged user name spaces)", () => {
  const runWatched = (...scripts: readonly string[]) => runOn(memoryWatch(), scripts);

  const runOn = async (limiter: MemoryLimiter, scripts: readonly string[]) => {
    const host = {
      label: "copatcher-watch-test",
      python: await pythonFolders(),
      limiter,
      filters: { driver: callFilter("driver"), commands: callFilter("commands") },
      asRoot: process.getuid?.() === 0,
    };
    const limits = { ...someLimits, memoryMb: 128 };
    const start = { environment: null, base: "/dev/null", limits, treeFiles: 0, warmed: null };
    const sandbox = await startSandbox(host, start, never());
    try {
      const commands = scripts.map((script) => command(script));
      return await runJob(sandbox, { label: "x", files: [], commands }, 64_000, never());
    } finally {
      await sandbox.discard();
    }
  };

  test("ends a command whose processes take too much together, wherever they hide, and runs the next one", async () => {
    const part = "setsid python3 -c 'import time; x = bytearray(40 << 20); time.sleep(15)'";

    const outcomes = await runWatched(`for n in 1 2 3 4 5; do ${part} & done; wait; exit 1`, "echo fine");

    expect(outcomes).toMatchObject([{ kind: "out-of-memory" }, { kind: "exited", stdout: "fine\n" }]);
  });

  test("counts memory that processes share", async () => {
    const shared =
      "import mmap, time; x = mmap.mmap(-1, 400 << 20); x.write(bytes(400 << 20)); time.sleep(15)";

    expect(await runWatched(`python3 -c '${shared}'`)).toMatchObject([{ kind: "out-of-memory" }]);
  });

  test("counts memory once that processes share after a fork, until they write to it", async () => {
    const forks = (then: string) =>
      `import os, time; x = bytearray(60 << 20); [os.fork() for n in (1, 2)]; ${then}`;

    expect(await runWatched(`python3 -c '${forks("time.sleep(1)")}'`)).toMatchObject([{ kind: "exited" }]);
    expect(
      await runWatched(`python3 -c '${forks("x[:] = bytearray(60 << 20); time.sleep(15)")}'`),
    ).toMatchObject([{ kind: "out-of-memory" }]);
  });

  test("counts memory once that a process shares with a child before its exec", async () => {
    // os.posix_spawn is a vfork here; before its exec the child opens a pipe, which takes until somebody writes to it
    const program = [
      "import os",
      "x = bytearray(80 << 20)",
      'open("begun", "w")',
      'opened = [(os.POSIX_SPAWN_OPEN, 0, "pipe", os.O_RDONLY, 0)]',
      'child = os.posix_spawn("/bin/true", ["true"], {}, file_actions=opened)',
      "exit(os.waitpid(child, 0)[1])",
    ].join("\n");
    const writer = "until [ -e begun ]; do sleep 0.05; done; sleep 0.2; : > pipe";
    const script = `mkfifo pipe; { ${writer}; } & python3 -c '${program}'`;

    expect(await runWatched(script)).toMatchObject([{ kind: "exited", exitCode: 0 }]);
  });

  test.each([
    ["in its processes", "x = bytearray(60 << 20)"],
    ["in a file that has no name", 'import os; os.write(os.memfd_create("x"), bytes(60 << 20))'],
  ])(
    "ends the largest command alone when the host runs out, and says so: what it has lies %s",
    async (_, take) => {
      const mark = `5.${process.pid}`;
      let begun = 0;
      let looks = 0;
      // scarce for four looks, from the moment when both run and the large one has what it takes
      const limiter = memoryWatch(() => {
        if (looks > 0 || (begun === 2 && runs(mark))) looks += 1;
        const available = looks > 0 && looks < 5 ? 1000 : 4_000_000;
        return `MemTotal: 8000000 kB\nMemAvailable: ${available} kB\nSwapFree: 0 kB\n`;
      });
      const counted: MemoryLimiter = {
        ...limiter,
        async job(limits, folders) {
          const job = await limiter.job(limits, folders);
          return { ...job, watch: (root, onAbove) => void (job.watch(root, onAbove), (begun += 1)) };
        },
      };
      const program = `${take}; import subprocess; subprocess.run(["sleep", "${mark}"])`;

      const [large, small] = await Promise.all([
        runOn(counted, [`python3 -c '${program}'; exit 1`]),
        runOn(counted, ["sleep 2.5; echo fine"]),
      ]);

      expect(small).toMatchObject([{ kind: "exited", stdout: "fine\n" }]);
      expect(large).toMatchObject([
        { kind: "out-of-memory", stderr: expect.stringContaining("the machine itself ran out of memory") },
      ]);
    },
  );

  test("leaves commands within the limit alone", async () => {
    const outcomes = await runWatched(
      "python3 -c 'import time; x = bytearray(60 << 20); time.sleep(0.5); print(1)'",
    );

    expect(outcomes).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "1\n" }]);
  });
});
