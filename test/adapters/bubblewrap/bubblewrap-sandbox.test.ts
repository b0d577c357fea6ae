import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { sandboxContract } from "../../contracts/sandbox.ts";
import { sandboxIsolationContract, sandboxMemoryContract } from "../../contracts/sandbox-isolation.ts";
import {
  never,
  outputOf,
  openSession,
  someLimits,
  treeOf,
  type MakeSandbox,
} from "../../contracts/sandbox-subject.ts";
import { groupsOf, sandboxesOf } from "./bot.ts";
import { makeSandbox, unusable } from "./usable.ts";

const make: MakeSandbox = ({ slots }) => ({
  sandbox: makeSandbox(slots),
  leftovers: () => [...sandboxesOf(process.pid), ...groupsOf(process.pid)],
});

describe.skipIf(unusable)("bubblewrap (needs bwrap 0.8 and unprivileged user name spaces)", () => {
  sandboxContract("bubblewrap", make);
  sandboxIsolationContract("bubblewrap", make);
  sandboxMemoryContract("bubblewrap", make);

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
});
