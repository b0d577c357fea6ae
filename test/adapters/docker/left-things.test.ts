import { expect, test } from "vitest";
import { isLeft } from "../../../src/adapters/docker/left-things.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";

const own = identityOf(process.pid);
const ended = own.replace(/-\d+-/, "-1-");
const elsewhere = own.replace(/\w{8}$/, "00000000");
const hour = 60 * 60_000;

test.each([
  ["this process made", own, 100, false, false],
  ["another live process of this machine made", identityOf(process.ppid), 100, false, false],
  ["an ended process of this machine made", ended, 0, false, true],
  ["an ended process of this machine made and that runs on", ended, 0, true, true],
  ["another machine made today", elsewhere, 23, false, false],
  ["another machine made yesterday and that runs", elsewhere, 100, true, false],
  ["another machine made yesterday and that does not run", elsewhere, 25, false, true],
  ["nobody says who made, today", "", 23, false, false],
])("knows whether what %s is left over", (_, maker, hours, running, left) => {
  const labels = maker === "" ? {} : { "copatcher.process": maker };

  expect(isLeft({ labels, createdMs: 0, running }, hours * hour)).toBe(left);
});
