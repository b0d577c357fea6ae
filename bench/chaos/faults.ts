import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "./bot.ts";
import { clientOf, leaseMs } from "./names.ts";
import type { World } from "./world.ts";

/** What is done to the bot. The first ones end something with violence and count as kills. */
export const killKinds = ["worker", "web", "connections", "models", "engine"] as const;
export type FaultKind = (typeof killKinds)[number] | "freeze" | "drain";

export type Fault = {
  readonly kind: FaultKind;
  /** What the bot was doing, by its log; "any" for a random moment. */
  readonly moment: string;
};

const any = "any";
/** How long a moment of a kind is waited for. */
const patienceMs = 5_000;

/** Kinds of moments that are to be met, the ones met least first. */
export type Moments = { choose(bot: Bot): Promise<string>; readonly met: ReadonlyMap<string, number> };

/** Waits for a moment in the work of a bot: the end of a step that was hit least so far, or any. */
export function createMoments({ witness }: World): Moments {
  const met = new Map<string, number>();
  const count = (moment: string): string => {
    met.set(moment, (met.get(moment) ?? 0) + 1);
    return moment;
  };
  return {
    met,
    async choose(bot) {
      // whoever is always killed in its first second gets nowhere, and that is all one would see
      await sleep(Math.random() * Math.max(3_500, 2 * bot.startMs()));
      if (Math.random() < 0.3) return count(any);
      const known = [...witness.kinds()].toSorted((a, b) => (met.get(a) ?? 0) - (met.get(b) ?? 0));
      const rare = new Set(known.slice(0, Math.ceil(known.length / 2)));
      const moment = await witness.nextMoment(bot.name, rare, patienceMs);
      if (moment === null) return count(any);
      if (moment !== "publishing") return count(moment);
      // a step of many writes: somewhere among them
      await sleep(Math.random() * 6_000);
      return count(moment);
    },
  };
}

/** Does it, and brings back what it took away; resolves as soon as the next one may follow. */
export async function inflict(world: World, kind: FaultKind, bot: Bot, moments: Moments): Promise<Fault> {
  const { witness, models, database } = world;
  const client = clientOf(bot.name);
  const disturb = (who: string | null, from: number, afterMs: number): void =>
    void witness.disturbances.push({ client: who, from, until: Date.now() + afterMs });
  switch (kind) {
    case "worker":
    case "web": {
      const moment = kind === "web" ? any : await moments.choose(bot);
      const from = Date.now();
      await bot.kill();
      disturb(client, from, 500);
      void restart(world, bot);
      return { kind, moment };
    }
    case "connections": {
      const moment = await moments.choose(bot);
      const from = Date.now();
      await database.cut();
      // a run that it breaks off cannot keep the answers that are under way
      disturb(null, from, 3_000);
      return { kind, moment };
    }
    case "models": {
      await witness.nextMoment(bot.name, new Set(["sample/localize-lines", "sample/generate"]), patienceMs);
      await models.crash(Math.random() * 1_500);
      return { kind, moment: "mid-stream" };
    }
    case "freeze": {
      const moment = await moments.choose(bot);
      const from = Date.now();
      bot.freeze();
      const thaw = async (): Promise<void> => {
        await sleep(leaseMs + 500 + Math.random() * 6_000);
        bot.thaw();
        disturb(client, from, 2_000);
      };
      void thaw();
      return { kind, moment };
    }
    case "drain": {
      const moment = await moments.choose(bot);
      await bot.drain();
      void restart(world, bot);
      return { kind, moment };
    }
    case "engine": {
      const moment = await moments.choose(bot);
      await world.engine?.crash();
      return { kind, moment };
    }
  }
}

/** Mostly at once, as supervisors do; sometimes only when others have taken the runs over. */
async function restart(world: World, bot: Bot): Promise<void> {
  // what was delivered while nobody was there is looked for every five minutes: some of them pass now
  if (bot.role !== "worker" && Math.random() < (bot.role === "web" ? 1 : 0.15)) await letTimePass(world);
  await sleep(Math.random() < 0.2 ? leaseMs + Math.random() * 4_000 : Math.random() * 600);
  bot.start();
}

/** Makes ten minutes pass by the clocks of GitHub and of the database. The embedded one must not be in use. */
export async function letTimePass({ github, database }: World): Promise<void> {
  github.passTime(10);
  await database.query("update duty set taken_until = taken_until - interval '10 minutes'");
  await database.query("update delivery set queued_at = queued_at - interval '10 minutes'");
  await database.query("update run set not_before = not_before - interval '10 minutes'");
  // what the bots keep of GitHub's times, or one labelling would have two
  await database.query(earlier("run", "request", "{trigger,at}"));
  await database.query(earlier("delivery", "payload", "{issue,updated_at}"));
}

/** Takes ten minutes from a time (ISO 8601) within a column of JSON text, where it is. */
function earlier(table: string, column: string, path: string): string {
  const time = `(${column}::jsonb #>> '${path}')::timestamptz - interval '10 minutes'`;
  const text = `to_char((${time}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const changed = `jsonb_set(${column}::jsonb, '${path}', to_jsonb(${text}))::text`;
  return `update ${table} set ${column} = ${changed} where ${column}::jsonb #> '${path}' is not null`;
}
