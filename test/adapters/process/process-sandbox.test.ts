import { mkdirSync, readdirSync, existsSync, rmSync, utimesSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProcessSandbox } from "../../../src/adapters/process/process-sandbox.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";
import { sandboxContract } from "../../contracts/sandbox.ts";
import { outputOf, openSession } from "../../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

function make({ slots }: { slots: number }) {
  const sandbox = createProcessSandbox({ slots, logger: createSilentLogger() });
  const leftovers = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`copatcher-process-${process.pid}-`));
  return { sandbox, leftovers };
}

/** A process of this machine that had this one's number. */
const ended = identityOf(process.pid).replace(/-\d+-/, "-1-");

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
  const own = identityOf(process.pid);
  const elsewhere = own.replace(/\w{8}$/, "00000000");
  const [abandoned, live, foreign, old] = [ended, identityOf(process.ppid), elsewhere, elsewhere].map(
    (maker, index) => join(tmpdir(), `copatcher-process-${maker}-${index}`),
  ) as [string, string, string, string];
  onTestFinished(() => [live, foreign].forEach((path) => rmSync(path, { recursive: true })));
  for (const path of [abandoned, live, foreign, old]) mkdirSync(path);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(old, yesterday, yesterday);

  expect(await make({ slots: 1 }).sandbox.reap()).toBeGreaterThanOrEqual(2);

  expect([abandoned, live, foreign, old].map((path) => existsSync(path))).toEqual([false, true, true, false]);
});

test.skipIf(process.getuid?.() !== 0)("leaves the folders of another user where they are", async () => {
  const theirs = join(tmpdir(), `copatcher-process-${ended}-theirs`);
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
