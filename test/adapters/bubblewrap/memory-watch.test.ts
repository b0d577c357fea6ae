import { describe, expect, test } from "vitest";
import { callFilter } from "../../../src/adapters/bubblewrap/call-filter.ts";
import { memoryKb, memoryWatch } from "../../../src/adapters/bubblewrap/memory-watch.ts";
import { runJob, startSandbox } from "../../../src/adapters/bubblewrap/session-sandboxes.ts";
import { pythonFolders } from "../../../src/driver/host-python.ts";
import { command, never, someLimits } from "../../contracts/sandbox-subject.ts";
import { unusable } from "./usable.ts";

test("counts what a process alone pays for, swapped or shared, but no file's pages", () => {
  const status =
    "Name:\tRssAnon: 1 kB\nVmRSS:\t  900 kB\nRssAnon:\t  100 kB\nRssFile:\t  500 kB\nRssShmem:\t  20 kB\nVmSwap:\t 3 kB\n";

  expect(memoryKb(status)).toBe(123);
});

describe.skipIf(unusable)("the memory watch (needs bwrap 0.8 and unprivileged user name spaces)", () => {
  const runWatched = async (...scripts: readonly string[]) => {
    const host = {
      label: "copatcher-watch-test",
      python: await pythonFolders(),
      limiter: memoryWatch(),
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

  test("leaves commands within the limit alone", async () => {
    const outcomes = await runWatched(
      "python3 -c 'import time; x = bytearray(60 << 20); time.sleep(0.5); print(1)'",
    );

    expect(outcomes).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "1\n" }]);
  });
});
