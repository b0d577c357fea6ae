import { writeFileSync } from "node:fs";
import { createBubblewrapSandbox } from "../../src/adapters/bubblewrap/bubblewrap-sandbox.ts";
import { openBench, runCandidate } from "./candidates.ts";
import { createCpuAccount } from "./cpu-account.ts";
import { runFloor } from "./floor.ts";
import { median, pause, round } from "./measure.ts";
import { quietLogger } from "./quiet-logger.ts";
import type { BenchTree } from "./trees.ts";

export type BubblewrapBench = {
  readonly rounds: number;
  readonly trees: { readonly small: BenchTree; readonly large: BenchTree };
  readonly say: (text: string) => void;
};

/**
 * Bubblewrap against the bare script with the same programs. The benchmark's own process is counted too, as it starts
 * the sandboxes; its share is taken off again.
 */
export async function measureBubblewrap({ rounds, trees, say }: BubblewrapBench) {
  const account = createCpuAccount("copatcher-bench-bubblewrap");
  writeFileSync(account.joinFile, String(process.pid));
  const sandbox = createBubblewrapSandbox({ instance: "bench", slots: 1, logger: quietLogger });
  const children = (): number => {
    const { user, system } = process.cpuUsage();
    return account.usedMs() - (user + system) / 1000;
  };
  const used = async (work: () => Promise<unknown>): Promise<number> => {
    await pause(1500);
    const before = children();
    await work();
    await pause(1500);
    return children() - before;
  };
  const result: Record<string, { ours: number; floor: number }> = {};
  for (const tree of [trees.large, trees.small]) {
    const session = await openBench(sandbox, tree);
    await runCandidate(session, tree.scripts);
    const [ours, floor]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < rounds; turn += 1) {
      say(`bubblewrap, ${tree.name}: round ${turn + 1} of ${rounds}`);
      ours.push(await used(() => runCandidate(session, tree.scripts)));
      floor.push(await used(() => runFloor("/", tree, account)));
    }
    await session.close();
    result[tree.name] = { ours: round(median(ours), 0), floor: round(median(floor), 0) };
  }
  const { large } = result;
  return {
    bubblewrapOverFloor: large === undefined ? null : round(large.ours / large.floor),
    bubblewrapCpuMs: result,
  };
}
