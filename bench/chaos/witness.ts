import type { BotLine } from "./bot.ts";
import { clientOf, leaseMs } from "./names.ts";
import type { Disturbance, StoredSample } from "./repeated-calls.ts";

/** What the bots' logs say, and what was done to them. */
export type Witness = {
  readonly note: (line: BotLine) => void;
  readonly disturbances: Disturbance[];
  /** Steps that a worker stored although another had claimed the run before. */
  staleSteps(): readonly string[];
  /** The next moment of one of these kinds that a bot reports; null when none comes in time. */
  nextMoment(bot: string, kinds: ReadonlySet<string>, withinMs: number): Promise<string | null>;
  readonly stored: readonly StoredSample[];
  /** Heartbeats that were not answered in time. */
  stalls(): number;
  /** Every kind of moment seen so far. */
  kinds(): ReadonlySet<string>;
};

type Waiting = {
  readonly bot: string;
  readonly kinds: ReadonlySet<string>;
  readonly told: (kind: string) => void;
};

/** Moments worth a kill: a step's end, and the steps of a run that are no journal's. */
function momentOf(line: BotLine): string | null {
  switch (line.msg) {
    case "step stored":
      return String(line["step"])
        .replace(/^execute\/.*$/, "execute")
        .replace(/\/\d+(\/\d+)?$/, "");
    case "progress":
      return (line["progress"] as { readonly stage?: string }).stage === "publish" ? "publishing" : null;
    case "run claimed":
    case "delivery received":
    case "run report stored":
    case "pull request is open":
    case "run ended":
      return line.msg;
    default:
      return null;
  }
}

export function createWitness(): Witness {
  const disturbances: Disturbance[] = [];
  const claims = new Map<string, { readonly fence: number; readonly time: number }[]>();
  const steps: {
    readonly run: string;
    readonly fence: number;
    readonly time: number;
    readonly text: string;
  }[] = [];
  const stored: StoredSample[] = [];
  const kinds = new Set<string>();
  let stalls = 0;
  let waiting: readonly Waiting[] = [];

  return {
    disturbances,
    stored,
    note(line) {
      if (line.msg === "heartbeat failed") {
        // a machine that is too busy to keep a lease: what such a worker is told, others ask for again, rightly
        stalls += 1;
        const [from, until] = [line.time - leaseMs, line.time + leaseMs];
        disturbances.push({ client: clientOf(line.bot), from, until });
      }
      if (line.msg === "runs are handed over") {
        // it closes its calls; an answer whose end is on the way in this moment may be lost
        const from = line.time - closingMs;
        disturbances.push({ client: clientOf(line.bot), from, until: line.time + leavingMs });
      }
      const run = String(line["runId"]);
      const fence = Number(line["fence"]);
      if (line.msg === "run claimed")
        claims.set(run, [...(claims.get(run) ?? []), { fence, time: line.time }]);
      if (line.msg === "step stored") {
        const text = `${line.bot} stored ${String(line["step"])} of run ${run} with fence ${fence}`;
        const sample = String(line["step"]).replace(/^sample\//, "");
        stored.push({ client: clientOf(line.bot), sample, time: line.time });
        steps.push({ run, fence, time: line.time, text });
      }
      const kind = momentOf(line);
      if (kind === null) return;
      kinds.add(kind);
      const [met, others] = [[] as Waiting[], [] as Waiting[]];
      for (const one of waiting) (one.bot === line.bot && one.kinds.has(kind) ? met : others).push(one);
      waiting = others;
      for (const { told } of met) told(kind);
    },
    staleSteps: () =>
      steps
        .filter(({ run, fence, time }) =>
          claims.get(run)?.some((claim) => claim.fence > fence && claim.time + slackMs < time),
        )
        .map(({ text }) => text),
    kinds: () => kinds,
    stalls: () => stalls,
    nextMoment: (bot, wanted, withinMs) =>
      new Promise((resolve) => {
        const told = (met: string): void => {
          clearTimeout(late);
          resolve(met);
        };
        const one = { bot, kinds: wanted, told };
        const late = setTimeout(() => {
          waiting = waiting.filter((other) => other !== one);
          resolve(null);
        }, withinMs);
        waiting = [...waiting, one];
      }),
  };
}

/** From one process's decision to close a connection until the other one sees it, on a busy machine. */
const closingMs = 100;
/** After it has handed its runs over, a process takes no answer any more; how long it sees to its connections. */
const leavingMs = 1_000;

/** A line is written a little after what it tells of has happened. */
const slackMs = 1_000;
