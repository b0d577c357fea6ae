import { z } from "zod";
import { PlannedFault } from "../script/faults.ts";
import type { Simulation } from "../simulation.ts";
import type { HttpAnswer } from "./answer-parts.ts";
import type { ServedRequest } from "./served-request.ts";

const Orders = z.array(PlannedFault.extend({ stage: z.string().optional(), model: z.string().optional() }));

type AdminContext = {
  readonly simulation: Simulation;
  readonly timeScale: number;
  readonly requests: readonly ServedRequest[];
};

/** `GET journal` and `clock`, `POST faults`: a list that replaces the one before. Null for anything else. */
export function answerAdmin(
  context: AdminContext,
  method: string,
  path: string,
  body: unknown,
): HttpAnswer | null {
  const { simulation, timeScale, requests } = context;
  if (method === "GET" && path === "/admin/journal") {
    return { status: 200, body: { requests, calls: simulation.journal.entries() } };
  }
  if (method === "GET" && path === "/admin/clock") {
    return { status: 200, body: { now: simulation.timeline.now(), timeScale } };
  }
  if (method !== "POST" || path !== "/admin/faults") return null;
  const orders = Orders.safeParse(body);
  if (!orders.success) return { status: 400, body: { error: z.prettifyError(orders.error) } };
  simulation.faults.order(orders.data);
  return { status: 200, body: { ordered: orders.data.length } };
}
