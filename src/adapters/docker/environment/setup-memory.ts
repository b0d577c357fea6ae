import type Docker from "dockerode";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Engine } from "../engine.ts";

const Event = z.object({
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
});

/** The kernel's word reaches the engine a little after the command has ended, in seconds. */
const settleSeconds = 1;

/**
 * Whether the kernel killed for memory while this command ran. The container's own state says it of its whole life, and
 * some engines only after its end; the engine's events are in order.
 */
export async function ranOutOfMemory(
  engine: Engine,
  container: Docker.Container,
  exec: Docker.Exec,
  startedAt: string,
): Promise<boolean> {
  const { docker } = engine;
  // by the engine's own clock, which may be another machine's
  const { SystemTime } = await engine.call("being asked for its time", () => docker.info());
  const said = await engine.call("being asked what happened to a command", async (abortSignal) =>
    text(
      await docker.getEvents({
        since: secondsOf(startedAt) - 1,
        until: secondsOf(SystemTime) + settleSeconds,
        filters: { container: [container.id] },
        abortSignal,
      }),
    ),
  );
  let running = false;
  for (const line of said.split("\n").filter((one) => one !== "")) {
    const { Action, Actor } = Event.parse(JSON.parse(line));
    if (Action.startsWith("exec_start")) running = Actor.Attributes["execID"] === exec.id;
    if (Action === "oom" && running) return true;
  }
  return false;
}

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);
