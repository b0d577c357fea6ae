/** Aborts a request whose server stays silent for too long. */
export type Watchdog = {
  /** Waits for `what` from now on, at most `milliseconds`. */
  expect(what: string, milliseconds: number): void;
  /** Aborts it now, for what somebody else has found. */
  giveUp(detail: string): void;
  /** Which limit was exceeded or what was found, null while nothing was. */
  fired(): string | null;
  stop(): void;
};

/** `totalMs` runs from the start, whatever else is expected; timers are real, since sockets are. */
export function startWatchdog(controller: AbortController, totalMs: number): Watchdog {
  let fired: string | null = null;
  const fire = (detail: string): void => {
    fired ??= detail;
    controller.abort();
  };
  const total = setTimeout(() => fire("no complete answer in the time allowed"), totalMs);
  let expected = "";
  let step: NodeJS.Timeout | null = null;
  return {
    expect(what, milliseconds) {
      if (what === expected) {
        step?.refresh();
        return;
      }
      if (step !== null) clearTimeout(step);
      expected = what;
      step = setTimeout(() => fire(`no ${what} within ${milliseconds} ms`), milliseconds);
    },
    giveUp: fire,
    fired: () => fired,
    stop() {
      clearTimeout(total);
      if (step !== null) clearTimeout(step);
    },
  };
}
