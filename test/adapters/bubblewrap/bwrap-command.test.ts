import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bwrapCommand } from "../../../src/adapters/bubblewrap/bwrap-command.ts";
import { unusable } from "./usable.ts";

test.skipIf(unusable || process.getuid?.() !== 0)(
  "a file in a shown folder of a closed one is left as it is (needs bwrap and root)",
  () => {
    const closed = mkdtempSync("/var/tmp/copatcher-closed-");
    onTestFinished(() => rmSync(closed, { recursive: true, force: true }));
    chmodSync(closed, 0o700);
    const [folder, file] = [join(closed, "venv"), join(closed, "venv", "ca.pem")];
    mkdirSync(folder);
    writeFileSync(file, "authority");
    const walls = ["--unshare-all", "--unshare-user", "--ro-bind", "/", "/"];
    const command = { arguments: [...walls, "cat", file], shown: [folder, file], enter: "", asRoot: true };
    const [program = "", ...rest] = bwrapCommand(command);

    const seen = spawnSync(program, rest, { encoding: "utf8" });

    expect(readFileSync(file, "utf8")).toBe("authority");
    expect(seen).toMatchObject({ status: 0, stdout: "authority" });
  },
);
