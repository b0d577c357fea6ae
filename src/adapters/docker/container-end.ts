import type Docker from "dockerode";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { engineLost } from "./engine-errors.ts";

/** The engine closes the streams a little before it knows the end, in milliseconds. */
const settleMs = 5000;
const pauseMs = 50;
const killedStatus = 137;

/**
 * How a container ended whose streams have closed. Throws RepairError `sandbox-unavailable` when it still runs: then
 * only the connection was cut.
 */
export async function containerEnd(
  engine: Engine,
  container: Docker.Container,
): Promise<{ readonly exitCode: number; readonly end: "by-itself" | "out-of-memory" }> {
  const limit = performance.now() + settleMs;
  for (;;) {
    const { State } = await engine.call("inspecting a container", (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    if (!State.Running) {
      // the engine says it also of a container that only lost a child for memory, and ended in another way
      const killed = State.OOMKilled && State.ExitCode === killedStatus;
      return { exitCode: State.ExitCode, end: killed ? "out-of-memory" : "by-itself" };
    }
    if (performance.now() > limit) throw engineLost("it closed the streams of a container that runs on");
    await delay(pauseMs);
  }
}
