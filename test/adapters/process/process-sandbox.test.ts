import { mkdirSync, readdirSync, existsSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProcessSandbox } from "../../../src/adapters/process/process-sandbox.ts";
import { sandboxContract } from "../../contracts/sandbox.ts";
import { outputOf, openSession } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

function make({ slots }: { slots: number }) {
  const sandbox = createProcessSandbox({ slots, logger: createSilentLogger() });
  const leftovers = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`copatcher-process-${process.pid}-`));
  return { sandbox, leftovers };
}

sandboxContract("process", make);

test("says that it does not isolate", () => {
  expect(make({ slots: 1 }).sandbox.description).toMatch(/NOT isolate/);
});

test("finds the interpreter that the host's python3 is", async () => {
  const session = await openSession(make({ slots: 1 }).sandbox);
  const ask = "import sys; print(sys.prefix)";
  const host = spawnSync("python3", ["-c", ask], { encoding: "utf8" }).stdout;

  expect(await outputOf(session, `python3 -c '${ask}'`)).toBe(host);
});

test("reaps the folders of processes that are gone and of no other", async () => {
  const dead = spawnSync("true").pid;
  const abandoned = join(tmpdir(), `copatcher-process-${dead}-x`);
  const live = join(tmpdir(), `copatcher-process-${process.ppid}-x`);
  mkdirSync(abandoned);
  mkdirSync(live, { recursive: true });
  onTestFinished(() => rmSync(live, { recursive: true }));

  expect(await make({ slots: 1 }).sandbox.reap()).toBeGreaterThanOrEqual(1);

  expect([existsSync(abandoned), existsSync(live)]).toEqual([false, true]);
});

test.skipIf(process.getuid?.() !== 0)("leaves the folders of another user where they are", async () => {
  const theirs = join(tmpdir(), `copatcher-process-${spawnSync("true").pid}-theirs`);
  mkdirSync(theirs);
  onTestFinished(() => rmSync(theirs, { recursive: true }));
  const source = new URL("../../../src/adapters/process/process-sandbox.ts", import.meta.url).href;
  const script = `const { createProcessSandbox } = await import("${source}");
    const nothing = () => undefined;
    process.setuid(65534);
    const sandbox = createProcessSandbox({ slots: 1, logger: { debug: nothing, info: nothing, warn: nothing, error: nothing } });
    console.log(await sandbox.reap());`;

  const reaped = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });

  expect(reaped).toMatchObject({ stdout: "0\n", status: 0 });
  expect(existsSync(theirs)).toBe(true);
});
