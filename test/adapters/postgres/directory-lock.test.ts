import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "../../../src/adapters/postgres/directory-lock.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "copatcher-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const leave = (holder: object, name = "lock.1"): Promise<void> =>
  writeFile(
    join(directory, name),
    JSON.stringify({ pid: process.pid, started: "1", host: hostname(), ...holder }),
  );

/** Above the highest pid Linux gives out. */
const deadPid = 2 ** 22 + 1;

test("lets one holder in and the next one after it", async () => {
  const unlock = await lockDirectory(directory, createFixedClock());

  await expect(lockDirectory(directory, createFixedClock())).rejects.toMatchObject({
    code: "store-unavailable",
    data: { directory, pid: process.pid },
  });
  await unlock();

  const again = await lockDirectory(directory, createFixedClock());
  await again();
  expect(await readdir(directory)).toEqual(["lock.2"]);
});

test("creates a directory that is missing", async () => {
  const unlock = await lockDirectory(join(directory, "a", "b"), createFixedClock());

  expect(await readdir(join(directory, "a", "b"))).toEqual(["lock.1"]);
  await unlock();
});

test("names a directory that cannot be created", async () => {
  await writeFile(join(directory, "file"), "");

  await expect(lockDirectory(join(directory, "file", "store"), createFixedClock())).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringContaining(`/file/store cannot be written: ENOTDIR: not a directory`),
  });
});

test("takes over the lock of a process that is gone", async () => {
  await leave({ pid: deadPid });

  const unlock = await lockDirectory(directory, createFixedClock());

  expect(await readdir(directory)).toEqual(["lock.2"]);
  await unlock();
});

test("takes over the lock of an earlier process with the same pid", async () => {
  await leave({ started: "a boot ago" });

  const unlock = await lockDirectory(directory, createFixedClock());

  expect(await readdir(directory)).toEqual(["lock.2"]);
  await unlock();
});

test("takes over a lock that cannot be read", async () => {
  await writeFile(join(directory, "lock.1"), "{");

  const unlock = await lockDirectory(directory, createFixedClock());

  expect(await readdir(directory)).toEqual(["lock.2"]);
  await unlock();
});

test("lets only one of many take over", async () => {
  await leave({ pid: deadPid });

  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => lockDirectory(directory, createFixedClock())),
  );

  const holders = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(holders).toHaveLength(1);
  expect(await readdir(directory)).toEqual(["lock.2"]);
  for (const { value } of holders) await value();
});

test("believes a holder on another host as long as it touches the lock", async () => {
  await leave({ host: "another-host", pid: 1 });
  const clock = createFixedClock();
  let beats = 0;
  const beating = {
    now: () => clock.now(),
    async sleep() {
      const time = new Date(Date.now() + ++beats * 1_000);
      await utimes(join(directory, "lock.1"), time, time);
    },
  };

  await expect(lockDirectory(directory, beating)).rejects.toThrow(
    `${directory} is in use by process 1 on another-host`,
  );
});

test("steps back when others came and went while it looked at the holder", async () => {
  await leave({ host: "another-host", pid: 1 });
  const slow = {
    ...createFixedClock(),
    sleep: () => leave({ started: null }, "lock.3"),
  };

  await expect(lockDirectory(directory, slow)).rejects.toMatchObject({ data: { pid: process.pid } });

  expect(await readdir(directory)).toEqual(["lock.1", "lock.3"]);
});

test("takes over from another host that fell silent", async () => {
  await leave({ host: "another-host", pid: 1 });

  const unlock = await lockDirectory(directory, createFixedClock());

  expect(await readdir(directory)).toEqual(["lock.2"]);
  await unlock();
});
