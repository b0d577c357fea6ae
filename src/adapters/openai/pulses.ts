import type { Agent } from "undici";
import type { Clock } from "../../ports/clock.ts";
import type { Endpoint, Timeouts } from "./endpoint.ts";
import { createPulse, type Pulse } from "./pulse.ts";
import { serverWork } from "./server-work.ts";
import { createSilenceLimit } from "./silence-limit.ts";

/** The pulse of every server; the same base URL is the same server, whatever the model. */
export type Pulses = { of(endpoint: Endpoint): Pulse };

type PulsesOptions = { readonly clock: Clock; readonly dispatcher: Agent; readonly timeouts: Timeouts };

export function createPulses({ clock, dispatcher, timeouts }: PulsesOptions): Pulses {
  const { firstTokenMs: mostMs, leastSilenceMs: leastMs, lookMs } = timeouts;
  const pulses = new Map<string, Pulse>();
  return {
    of(endpoint) {
      const known = pulses.get(endpoint.baseUrl);
      if (known !== undefined) return known;
      const limit = createSilenceLimit(leastMs, mostMs);
      const look = () => serverWork(endpoint, dispatcher, lookMs);
      const pulse = createPulse({ clock, limit, mostMs, leastMs, look });
      pulses.set(endpoint.baseUrl, pulse);
      return pulse;
    },
  };
}
