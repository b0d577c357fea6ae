import type { FaultKind } from "./faults.ts";
import type { Layout } from "./world.ts";

/** One way to run the bot, and what is done to it. */
export type Setting = {
  readonly name: string;
  readonly layout: Layout;
  /** Issues under way at a time. */
  readonly live: number;
  /** Part of all kills. */
  readonly share: number;
  /** How often what is done, relative to the others. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Milliseconds between two faults. */
  readonly pauseMs: number;
};

const onPostgres = {
  worker: 55,
  web: 8,
  connections: 10,
  models: 7,
  freeze: 12,
  drain: 8,
};

export const settings: readonly Setting[] = [
  {
    name: "embedded",
    layout: { database: "embedded", workers: 0, engine: false },
    live: 6,
    share: 0.2,
    faults: { worker: 92, drain: 8 },
    pauseMs: 1_500,
  },
  {
    name: "postgres-2-workers",
    layout: { database: "postgres", workers: 2, engine: false },
    live: 8,
    share: 0.35,
    faults: onPostgres,
    pauseMs: 700,
  },
  {
    name: "postgres-4-workers",
    layout: { database: "postgres", workers: 4, engine: false },
    live: 12,
    share: 0.45,
    faults: onPostgres,
    pauseMs: 300,
  },
  {
    name: "engine",
    layout: { database: "embedded", workers: 0, engine: true },
    live: 3,
    share: 0.02,
    faults: { engine: 1 },
    pauseMs: 4_000,
  },
];
