import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startProcess } from "../webhooks/process.ts";
import { BotResult, type BotOrder, type ModelOrder } from "./process-orders.ts";

export type Orchestrator = {
  /** Of one core, pipeline and client together. */
  readonly cpuPercentAt2000TokensPerSecond: number;
  readonly memoryMbAt32Issues: number;
  /** At which the first figure was taken. */
  readonly tokensPerSecond: number;
};

/**
 * What the bot itself takes, in real time: its pipeline and its real client against model servers in another process.
 * The processor's share is that of one whole issue at some thousand tokens a second, per token. Memory is the most that 32
 * issues at once take of the system, with answers of a thirtieth of the length, since the rest would take an hour, and with
 * 160 MB for old objects: without a limit V8 takes what there is before it looks for garbage.
 */
export async function measureOrchestrator(seed: number): Promise<Orchestrator> {
  const one = await runBot({ timeScale: 0.2, seed, lengths: 1 }, { seed, issues: 1, remembers: false });
  const many = await runBot({ timeScale: 0.1, seed, lengths: 0.03 }, { seed, issues: 32, remembers: true }, [
    "--max-old-space-size=160",
  ]);
  return {
    cpuPercentAt2000TokensPerSecond: (100 * 2_000 * one.cpuSeconds) / one.tokens,
    memoryMbAt32Issues: many.memoryMb,
    tokensPerSecond: one.tokens / one.seconds,
  };
}

async function runBot(
  models: ModelOrder,
  order: Omit<BotOrder, "url">,
  flags: readonly string[] = [],
): Promise<BotResult & { readonly tokens: number }> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-bench-"));
  const log = join(directory, "log");
  const server = startProcess("../pipeline/model-process.ts", models, log);
  try {
    const { url } = await server.next(z.object({ url: z.string() }));
    const bot = startProcess("../pipeline/bot-process.ts", { ...order, url }, log, flags);
    await bot.next(z.object({ warm: z.literal(true) }));
    const before = await server.ask({}, Tokens);
    const result = await bot.ask({}, BotResult);
    const after = await server.ask({}, Tokens);
    return { ...result, tokens: after.tokens - before.tokens };
  } finally {
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

const Tokens = z.object({ tokens: z.number() });
