import { z } from "zod";
import type { Simulation } from "../simulation.ts";
import type { HttpAnswer } from "./answer-parts.ts";
import type { Dialect } from "./dialect.ts";

const Level = z.enum(["1", "2"]).transform((level) => (level === "1" ? 1 : 2));

/**
 * Puts all engines to sleep and wakes them as vLLM in development mode does: calls under way end as `abort`, those that come
 * then wait, and the answer to `/wake_up` comes when the weights are back. Null for any other `route` ("POST /sleep").
 */
export async function answerSleep(
  simulation: Simulation,
  dialect: Dialect,
  route: string,
  query: string,
): Promise<HttpAnswer | null> {
  const engines = [...simulation.engines().values()];
  switch (route) {
    case "POST /sleep": {
      const level = Level.safeParse(new URLSearchParams(query).get("level") ?? "1");
      if (!level.success) return dialect.badRequest("only the levels 1 and 2 are simulated");
      for (const engine of engines) engine.sleep(level.data);
      return { status: 200, body: "" };
    }
    case "POST /wake_up":
      await Promise.all(engines.map((engine) => new Promise<void>((resolve) => engine.wakeUp(resolve))));
      return { status: 200, body: "" };
    case "GET /is_sleeping":
      return { status: 200, body: { is_sleeping: engines.some((engine) => engine.isSleeping()) } };
    default:
      return null;
  }
}
