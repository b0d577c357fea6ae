import type { z } from "zod";
import { shown, whole } from "./variable-schema.ts";

const days = (fallback: string, meaning: string) =>
  shown(whole(0, 36_500).prefault(fallback), {
    meaning: `Days for which ${meaning}; 0 keeps them for ever`,
    example: "90",
    fallback,
  });

/** How long data of ended runs is kept. */
export const retentionVariables = {
  COPATCHER_KEEP_DELIVERIES_DAYS: days("30", "webhook bodies are kept (their ids: 30 days at least)"),
  COPATCHER_KEEP_STEPS_DAYS: days("30", "an ended run's steps and unused mirrors of repositories are kept"),
  COPATCHER_KEEP_RECORDS_DAYS: days("365", "records of runs are kept, with the text of their issues"),
  COPATCHER_KEEP_LOGS_DAYS: days("90", "run reports and build logs are kept"),
};

/** Days; null for ever. */
export type RetentionConfig = {
  readonly deliveries: number | null;
  readonly steps: number | null;
  readonly records: number | null;
  readonly logs: number | null;
};

type Values = { readonly [K in keyof typeof retentionVariables]: z.infer<(typeof retentionVariables)[K]> };

const daysOrEver = (days: number): number | null => (days === 0 ? null : days);

export const retentionOf = (values: Values): RetentionConfig => ({
  deliveries: daysOrEver(values.COPATCHER_KEEP_DELIVERIES_DAYS),
  steps: daysOrEver(values.COPATCHER_KEEP_STEPS_DAYS),
  records: daysOrEver(values.COPATCHER_KEEP_RECORDS_DAYS),
  logs: daysOrEver(values.COPATCHER_KEEP_LOGS_DAYS),
});
