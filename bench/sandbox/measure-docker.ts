import Docker from "dockerode";
import { execFileSync } from "node:child_process";
import { createDockerSandbox } from "../../src/adapters/docker/docker-sandbox.ts";
import type { Sandbox, SandboxSession } from "../../src/ports/sandbox.ts";
import { openBench, runCandidate } from "./candidates.ts";
import { onCores } from "./confine.ts";
import { runContainerPerCommand } from "./container-per-command.ts";
import { createCpuAccount, type CpuAccount } from "./cpu-account.ts";
import { runFloor, unpackImage } from "./floor.ts";
import { median, pause, round, timed } from "./measure.ts";
import { startPrivateEngine } from "./private-engine.ts";
import { quietLogger } from "./quiet-logger.ts";
import type { BenchTree } from "./trees.ts";

export type DockerBench = {
  readonly image: string;
  readonly rounds: number;
  readonly candidates: number;
  readonly trees: { readonly small: BenchTree; readonly large: BenchTree };
  readonly directory: string;
  readonly say: (text: string) => void;
};

const nothing = ["true", "true", "true", "true", "true"];

/** Docker against the floor and its peer, processor time from a private engine's control group. */
export async function measureDocker(bench: DockerBench) {
  const { image, trees, say } = bench;
  const account = createCpuAccount("copatcher-bench");
  say("starting a private Docker engine");
  const engine = await startPrivateEngine(account, image);
  try {
    const sandbox = (slots: number): Sandbox =>
      createDockerSandbox({
        host: engine.host,
        defaultImage: image,
        instance: "bench",
        slots,
        logger: quietLogger,
      });
    const client = new Docker({ socketPath: engine.host.slice("unix://".length) });
    const root = unpackImage(image, bench.directory);

    const large = await compare(bench, account, client, sandbox(1), root, trees.large, trees.large.scripts);
    const small = await compare(bench, account, client, sandbox(1), root, trees.small, nothing);
    const speed = await parallel(bench, account, sandbox, trees.large);
    const prewarmedMs = await prewarmed(bench, sandbox(1), trees.small);
    const leaked = await endurance(bench, sandbox(2), client, engine.dataDirectory);
    return {
      cpuOverFloor: { large: round(large.ours / large.floor) },
      overContainerPerCommand: round(large.ours / large.peer),
      smallOverContainerPerCommand: round(small.ours / small.peer),
      smallOverheadCpuMs: round(small.ours - small.floor, 0),
      ...speed,
      prewarmedMs: round(prewarmedMs, 0),
      leaked,
      cpuMs: { large, small },
    };
  } finally {
    await engine.stop();
    account.remove();
  }
}

async function compare(
  { image, rounds, say }: DockerBench,
  account: CpuAccount,
  client: Docker,
  sandbox: Sandbox,
  root: string,
  tree: BenchTree,
  scripts: readonly string[],
) {
  const task = { ...tree, scripts };
  const session = await openBench(sandbox, tree);
  await runCandidate(session, scripts);
  const used = async (work: () => Promise<unknown>): Promise<number> => {
    // what is made ready beside the work belongs to the next candidate, so it is waited for on both sides
    await pause(3000);
    const before = account.usedMs();
    await work();
    await pause(3000);
    return account.usedMs() - before;
  };
  const idle = await used(() => Promise.resolve());
  const times: Record<"ours" | "inside" | "floor" | "peer", number[]> = {
    ours: [],
    inside: [],
    floor: [],
    peer: [],
  };
  for (let turn = 0; turn < rounds; turn += 1) {
    say(`${tree.name}: round ${turn + 1} of ${rounds}`);
    const insideBefore = account.containersMs();
    times.ours.push((await used(() => runCandidate(session, scripts))) - idle);
    times.inside.push(account.containersMs() - insideBefore);
    times.floor.push((await used(() => runFloor(root, task, account))) - idle);
    if (turn < 3) times.peer.push((await used(() => runContainerPerCommand(client, image, task))) - idle);
  }
  await session.close();
  const middle = (of: keyof typeof times) => round(median(times[of]), 0);
  const [ours, inside] = [middle("ours"), middle("inside")];
  // what the engine itself takes for one container is the part that nothing done inside of it can change
  return { ours, engine: ours - inside, floor: middle("floor"), peer: middle("peer") };
}

/**
 * Candidates per second on the large repository: two slots on two cores over one slot on one core. On two cores a single
 * slot has the second one get the next sandbox ready meanwhile, so how busy the cores are is told as well.
 */
async function parallel(
  { rounds, say }: DockerBench,
  account: CpuAccount,
  sandbox: (slots: number) => Sandbox,
  tree: BenchTree,
) {
  const candidates = 12;
  const run = async (slots: number) => {
    say(`${tree.name}: ${candidates} candidates on ${slots} slot(s)`);
    const session = await openBench(sandbox(slots), tree);
    await runCandidate(session, tree.scripts);
    const usedBefore = account.usedMs();
    const ms = await timed(() =>
      Promise.all(Array.from({ length: candidates }, () => runCandidate(session, tree.scripts))),
    );
    const coresBusy = (account.usedMs() - usedBefore) / ms;
    await session.close();
    return { rate: candidates / ms, coresBusy };
  };
  const turns: { oneSlot: number; speedup: number; busy: number }[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const alone = await onCores(account, 1, () => run(1));
    const one = await run(1);
    const two = await run(2);
    turns.push({
      oneSlot: one.coresBusy,
      speedup: two.rate / alone.rate,
      busy: two.coresBusy,
    });
  }
  const middle = (of: keyof (typeof turns)[number]) => round(median(turns.map((turn) => turn[of])));
  return {
    parallelSpeedup: middle("speedup"),
    coresBusy: { oneSlot: middle("oneSlot"), twoSlots: middle("busy") },
  };
}

/** From handing in an empty command to its result, when the sandbox had time to get ready. */
async function prewarmed({ rounds, say }: DockerBench, sandbox: Sandbox, tree: BenchTree): Promise<number> {
  const session = await openBench(sandbox, tree);
  await runCandidate(session, ["true"]);
  const times: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    await pause(2000);
    times.push(await timed(() => runCandidate(session, ["true"])));
  }
  say(`prewarmed: ${times.map((ms) => Math.round(ms)).join(" ")} ms`);
  await session.close();
  return median(times);
}

/** What is left of many candidates: containers, volumes, megabytes on disk and in the bot's memory. */
async function endurance(
  { candidates, trees, say }: DockerBench,
  sandbox: Sandbox,
  client: Docker,
  disk: string,
) {
  let session: SandboxSession = await openBench(sandbox, trees.small);
  await runCandidate(session, ["true"]);
  await session.close();
  const before = { disk: usedMb(disk), memory: memoryMb(), ...(await counted(client)) };
  session = await openBench(sandbox, trees.small);
  for (let done = 0; done < candidates; done += 50) {
    say(`endurance: ${done} of ${candidates} candidates`);
    await Promise.all(
      Array.from({ length: Math.min(50, candidates - done) }, () => runCandidate(session, ["true"])),
    );
  }
  await session.close();
  const after = { disk: usedMb(disk), memory: memoryMb(), ...(await counted(client)) };
  return {
    candidates,
    containers: after.containers - before.containers,
    volumes: after.volumes - before.volumes,
    diskMb: round(after.disk - before.disk, 1),
    botMemoryMb: round(after.memory - before.memory, 1),
  };
}

async function counted(client: Docker): Promise<{ containers: number; volumes: number }> {
  const [containers, { Volumes }] = await Promise.all([
    client.listContainers({ all: true }),
    client.listVolumes(),
  ]);
  return { containers: containers.length, volumes: Volumes.length };
}

const usedMb = (directory: string): number =>
  Number(execFileSync("du", ["-s", "-B1", directory], { encoding: "utf8" }).split("\t")[0]) / 2 ** 20;

function memoryMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
