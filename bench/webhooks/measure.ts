import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Began, LoadResult, type Load } from "./load-result.ts";
import { startProcess, type Process } from "./process.ts";
import type { Served } from "./served.ts";

/** Where ours stores. */
export type Engine = { readonly name: string; readonly databaseUrl: string | null };

export type Measured = {
  readonly bareProbotPerSecond: number;
  readonly irrelevantRatio: number;
  readonly durableRatio: number;
  readonly irrelevantPerSecond: number;
  readonly durablePerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly accepted: number;
  readonly stored: number;
  readonly lost: number;
};

export type MeasureOptions = {
  readonly directory: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
};

const Port = z.object({ port: z.number() });
const Missing = z.object({ missing: z.array(z.string()) });
const connections = 32;

async function serve(served: Served, log: string): Promise<{ server: Process; port: number }> {
  const server = startProcess("./serve.ts", served, log);
  const { port } = await server.next(Port);
  return { server, port };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** One engine beside the bare Probot, in turns, so that a busy moment of the machine meets both. */
export async function measure(engine: Engine, options: MeasureOptions): Promise<Measured> {
  const { rounds, seconds, say } = options;
  const directory = mkdtempSync(join(options.directory, `${engine.name}-`));
  const log = join(directory, "log");
  const place = {
    kind: "ours",
    directory: join(directory, "store"),
    databaseUrl: engine.databaseUrl,
  } as const;
  const generator = startProcess("./load.ts", {}, log);
  await generator.next(z.object({ ready: z.literal(true) }));
  const probot = await serve({ kind: "probot" }, log);
  let own = await serve({ ...place, port: 0 }, log);
  const usual = { count: 4_000, seconds, perSecond: null, connections, throughOutage: false };
  const shoot = (load: Partial<Load> & Pick<Load, "port" | "kind">) =>
    generator.ask({ ...usual, ...load }, LoadResult);
  try {
    const rates = { bare: [] as number[], irrelevant: [] as number[], durable: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const bare = await shoot({ port: probot.port, kind: "irrelevant" });
      const irrelevant = await shoot({ port: own.port, kind: "irrelevant" });
      const durable = await shoot({ port: own.port, kind: "ours" });
      const [a, b, c] = [bare, irrelevant, durable].map(({ perSecond }) => Math.round(perSecond));
      say(`${engine.name}, round ${round}: Probot ${a}/s, nothing of ours ${b}/s, ours ${c}/s`);
      if (round === 0) continue; // all warm up
      rates.bare.push(bare.perSecond);
      rates.irrelevant.push(irrelevant.perSecond);
      rates.durable.push(durable.perSecond);
    }
    const durablePerSecond = median(rates.durable);
    const half = Math.max(1, Math.round(durablePerSecond / 2));
    const steady = await shoot({
      port: own.port,
      kind: "ours",
      perSecond: half,
      seconds: seconds * 2,
      count: 20_000,
    });
    say(
      `${engine.name} at ${half}/s: half within ${steady.p50Ms.toFixed(1)} ms, 99 of 100 within ${steady.p99Ms.toFixed(1)} ms`,
    );

    const storm = { ...usual, port: own.port, kind: "ours", seconds: 60, count: 6_000, throughOutage: true };
    await generator.ask(storm, Began);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const ended = generator.next(LoadResult);
    await own.server.kill();
    own = await serve({ ...place, port: own.port }, log);
    const stormed = await ended;
    const accepted = [...new Set([...stormed.accepted, ...steady.accepted])];
    const missing = await unknown(own.server, accepted);
    say(`${engine.name}, killed in the storm: ${accepted.length} accepted, ${missing} of them unknown`);
    return {
      bareProbotPerSecond: median(rates.bare),
      irrelevantRatio: median(rates.irrelevant.map((rate, index) => rate / (rates.bare[index] ?? rate))),
      durableRatio: median(rates.durable.map((rate, index) => rate / (rates.bare[index] ?? rate))),
      irrelevantPerSecond: median(rates.irrelevant),
      durablePerSecond,
      p50Ms: steady.p50Ms,
      p99Ms: steady.p99Ms,
      accepted: accepted.length,
      stored: accepted.length - missing,
      lost: missing,
    };
  } finally {
    await Promise.all([generator.kill(), probot.server.kill(), own.server.stop()]);
  }
}

async function unknown(server: Process, ids: readonly string[]): Promise<number> {
  let missing = 0;
  for (let from = 0; from < ids.length; from += 1_000)
    missing += (await server.ask(ids.slice(from, from + 1_000), Missing)).missing.length;
  return missing;
}
