import { z } from "zod";
import { readJson } from "../suite/read-json.ts";

const Interval = z.object({ low: z.number(), high: z.number() });

/** A number that a paper prints for the same arm, with why ours may differ. */
export const PaperValue = z.object({
  value: z.number(),
  source: z.string().min(1),
  mayDiffer: z.string().min(1),
});

const Measure = z.object({
  name: z.string().min(1),
  /** Null where it is not defined, with the reason. */
  value: z.number().nullable(),
  undefinedBecause: z.string().optional(),
  unit: z.enum(["share", "count", "score", "tokens", "seconds", "words", "characters"]),
  /** 95 %. */
  interval: Interval.nullable(),
  /** How many instances it rests on. */
  instances: z.number().int().nonnegative(),
  paper: PaperValue.nullable(),
  /** Its place on a curve of the same name in other arms: over samples, turns, or the probability that was said. */
  at: z
    .object({
      curve: z.string().min(1),
      x: z.number(),
      axis: z.enum(["k", "turn", "probability"]).default("k"),
    })
    .optional(),
});
export type Measure = z.infer<typeof Measure>;

const ComparisonRow = z.object({
  first: z.string().min(1),
  second: z.string().min(1),
  answer: z.enum(["first-better", "second-better", "no-difference-shown", "not-decidable"]),
  onlyFirst: z.number().int().nonnegative(),
  onlySecond: z.number().int().nonnegative(),
  p: z.number(),
  midP: z.number(),
  adjustedP: z.number(),
  smallestP: z.number(),
  /** Second minus first. */
  difference: z.number().nullable(),
  interval: Interval.nullable(),
  minimalDetectable: z.number().nullable(),
});
export type ComparisonRow = z.infer<typeof ComparisonRow>;

/** What an arm came to on one instance, by the names of its columns. */
const InstanceRow = z.object({
  instance: z.string().min(1),
  arm: z.string().min(1),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]).nullable()),
});

/** What an evaluation found, complete enough to write every form of it. */
export const Report = z.object({
  schema: z.literal(1),
  title: z.string().min(1),
  suite: z.object({ hash: z.string().min(1), instances: z.number().int().nonnegative() }),
  /** Of every random choice behind the numbers. */
  seed: z.number().int(),
  /** The program and the machine that told the report, each with its name. */
  environment: z.record(z.string(), z.string()).optional(),
  arms: z.array(z.object({ name: z.string().min(1), measures: z.array(Measure) })),
  comparisons: z.array(ComparisonRow),
  instances: z.array(InstanceRow).default([]),
  /** Instances that some number does not rest on. */
  leftOut: z.array(z.object({ instance: z.string().min(1), why: z.string().min(1) })),
  /** What the numbers may and may not be used for; our own text. */
  notes: z.array(z.string().min(1)).default([]),
});
export type Report = z.infer<typeof Report>;

/** The report as a file; throws on numbers that JSON cannot hold, before anything is written. */
export const reportJson = (report: Report): string => `${JSON.stringify(Report.parse(report), null, 2)}\n`;

export const readReport = (text: string, source: string): Report => readJson(Report, text, source);
