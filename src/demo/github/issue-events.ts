import { z } from "zod";
import { below, type Route, type Site } from "./route.ts";

const Events = z.array(z.looseObject({ created_at: z.string() }));

/** Time that is said to have passed although nobody waited. */
export type PassedTime = {
  /** What has happened until now is so many minutes older. */
  readonly pass: (minutes: number) => void;
  readonly seen: (time: string) => string;
};

export function createPassedTime(): PassedTime {
  const passed: { readonly at: number; readonly milliseconds: number }[] = [];
  return {
    pass: (minutes) => void passed.push({ at: Date.now(), milliseconds: minutes * 60_000 }),
    seen: (text) => {
      const time = Date.parse(text);
      const later = passed.filter(({ at }) => at >= time);
      return new Date(later.reduce((sum, { milliseconds }) => sum - milliseconds, time)).toISOString();
    },
  };
}

/** An issue's history, with the field that emulate leaves out. */
export const issueEventsRoute = (site: Site, time: Pick<PassedTime, "seen">): Route => ({
  method: "GET",
  pattern: below(site, "issues/\\d+/events"),
  contents: "none",
  handle: async ({ forward }) => {
    const answer = await forward();
    const events = Events.safeParse(answer.body);
    if (!events.success) return answer;
    const body = events.data.map((event) => ({
      ...event,
      created_at: time.seen(event.created_at),
      performed_via_github_app: null,
    }));
    return { ...answer, body };
  },
});
