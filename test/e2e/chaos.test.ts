import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { noServer, onServer } from "../fixtures/databases/postgres-server.ts";

const nothingWrong = {
  lostRuns: 0,
  duplicatePullRequests: 0,
  duplicateComments: 0,
  repeatedModelCalls: 0,
  lostDeliveries: 0,
  duplicateRuns: 0,
  overlappingExecutions: 0,
};

describe.skipIf(noServer)(`the chaos command, embedded and ${onServer}`, () => {
  test("loses nothing and does nothing twice over a dozen kills", { timeout: 600_000 }, async () => {
    const command = ["--import", "tsx", "bench/chaos/main.ts", "--quick", "--json"];
    const chaos = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(chaos, "exit");
    const out = await text(chaos.stdout);
    const [status] = (await ended) as [number | null];
    const report = JSON.parse(out.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;

    expect(report).toMatchObject(nothingWrong);
    expect(report["settings"]).toMatchObject({ embedded: nothingWrong, "postgres-2-workers": nothingWrong });
    expect(report["kills"]).toBeGreaterThanOrEqual(12);
    expect(status).toBe(0);
  });
});
