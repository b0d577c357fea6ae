import type { Clock } from "../../src/ports/clock.ts";
import type { RunStore } from "../../src/ports/run-store.ts";

/** The duties of a run store in memory. */
export function createMemoryDuties(clock: Clock): Pick<RunStore, "takeDuty" | "prolongDuty"> {
  const duties = new Map<string, number>();
  return {
    async takeDuty(name, milliseconds) {
      if ((duties.get(name) ?? 0) > clock.now()) return false;
      duties.set(name, clock.now() + milliseconds);
      return true;
    },
    async prolongDuty(name, milliseconds) {
      duties.set(name, clock.now() + milliseconds);
    },
  };
}
