import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";
import { clockContract } from "../../contracts/clock.ts";

// Each sleep drives the clock, as `run` does for a whole program.
clockContract("the virtual clock", () => {
  const clock = createVirtualClock();
  let driving: Promise<void> | null = null;
  return {
    now: () => clock.now(),
    sleep(milliseconds, signal) {
      const sleeping = clock.sleep(milliseconds, signal);
      driving ??= Promise.resolve()
        .then(() => clock.untilIdle())
        .finally(() => (driving = null));
      return sleeping;
    },
  };
});
