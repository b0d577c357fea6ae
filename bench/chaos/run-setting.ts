import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "./bot.ts";
import { createMoments, inflict, killKinds, letTimePass, type FaultKind } from "./faults.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import type { Setting } from "./settings.ts";
import { startTraffic, type Traffic } from "./traffic.ts";
import { openWorld, type World } from "./world.ts";

type Plan = {
  readonly directory: string;
  readonly program: string;
  readonly kills: number;
  readonly say: (text: string) => void;
};

export type SettingReport = Outcome & {
  readonly kills: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly moments: Readonly<Record<string, number>>;
  readonly seconds: number;
};

/** Kills the bot while it works, lets it come to rest, and counts. */
export async function runSetting(setting: Setting, plan: Plan): Promise<SettingReport> {
  const started = performance.now();
  const world = await openWorld(join(plan.directory, setting.name), plan.program, setting.layout);
  try {
    for (const bot of world.bots) bot.start();
    await Promise.all(world.bots.map((bot) => bot.ready()));
    const traffic = startTraffic(world, setting.live);
    const moments = createMoments(world);
    const faults = await wreak(setting, plan, world, moments, traffic);
    plan.say(`${setting.name}: no more faults, waiting until all is quiet`);
    await settle(world, traffic);
    return {
      kills: killKinds.reduce((sum, kind) => sum + (faults[kind] ?? 0), 0),
      faults,
      moments: Object.fromEntries(moments.met),
      seconds: Math.round((performance.now() - started) / 1000),
      ...(await outcomeOf(world, traffic)),
    };
  } finally {
    await world.close();
  }
}

async function wreak(
  setting: Setting,
  { kills, say }: Plan,
  world: World,
  moments: ReturnType<typeof createMoments>,
  traffic: Traffic,
): Promise<Partial<Record<FaultKind, number>>> {
  const faults: Partial<Record<FaultKind, number>> = {};
  let killed = 0;
  while (killed < kills) {
    const kind = drawn(setting.faults);
    const bot = await readyBot(world, kind);
    const fault = await inflict(world, kind, bot, moments);
    faults[kind] = (faults[kind] ?? 0) + 1;
    if (killKinds.some((one) => one === kind)) killed += 1;
    const ended = [...traffic.issues().values()].filter((end) => end !== null).length;
    say(
      `${setting.name}: ${killed} of ${kills}, ${kind} of ${bot.name} at ${fault.moment}; ${ended} of ${traffic.issues().size} runs ended`,
    );
    await sleep(setting.pauseMs);
  }
  traffic.close();
  return faults;
}

function drawn(faults: Setting["faults"]): FaultKind {
  const entries = Object.entries(faults) as [FaultKind, number][];
  let left = Math.random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  return entries.find(([, weight]) => (left -= weight) < 0)?.[0] ?? "worker";
}

/** A process of the kind that the fault is about; any of them may be down for the moment. */
async function readyBot({ bots }: World, kind: FaultKind): Promise<Bot> {
  const fit = bots.filter(({ role }) => (kind === "web" ? role === "web" : role !== "web"));
  const ready = fit.filter((bot) => bot.isReady());
  const bot = ready[Math.floor(Math.random() * ready.length)];
  if (bot !== undefined) return bot;
  await Promise.race(fit.map((one) => one.ready()));
  return readyBot({ bots } as World, kind);
}

/** How long nothing may happen before what has no end is called lost. */
const patienceMs = 45_000;

/**
 * Waits until every run has its end. Pauses of minutes between two looks of the bot are cut short: by the clocks of GitHub
 * and of the database they are over.
 */
async function settle(world: World, traffic: Traffic): Promise<void> {
  const { bots, database } = world;
  for (let round = 0; round < 4; round++) {
    await Promise.all(bots.map((bot) => bot.ready()));
    await Promise.all(bots.map((bot) => bot.drain()));
    const waiting = await database.query("select id from delivery where handled_at is null");
    if (openIssues(traffic) + waiting.length === 0) break;
    await letTimePass(world);
    for (const bot of bots) bot.start();
    await Promise.all(bots.map((bot) => bot.ready()));
    await quiet(world, traffic);
    // deliveries of dead processes are looked for every five seconds
    if (waiting.length > 0) await sleep(8_000);
  }
  await Promise.all(bots.map((bot) => bot.drain()));
  await traffic.stop();
}

const openIssues = (traffic: Traffic): number =>
  [...traffic.issues().values()].filter((end) => end === null).length;

/** Until all runs have ended, or none has got any further for a while. */
async function quiet({ witness }: World, traffic: Traffic): Promise<void> {
  const progress = (): string => `${openIssues(traffic)} ${witness.stored.length}`;
  let last = progress();
  let changed = performance.now();
  while (openIssues(traffic) > 0 && performance.now() - changed < patienceMs) {
    await sleep(500);
    const now = progress();
    if (now !== last) changed = performance.now();
    last = now;
  }
}
