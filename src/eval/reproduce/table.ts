import { z } from "zod";
import { Profile } from "../../domain/settings.ts";
import { PaperValue } from "../report/report.ts";
import { readJson } from "../suite/read-json.ts";

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, "is no name of a table or arm");
const someProfile = Profile.unwrap().partial().strict();

const Arm = z.strictObject({
  name: id,
  /** What of the table's profile is different. */
  profile: someProfile.default({}),
  /**
   * What the endpoints must serve, where that is what differs: such an arm runs only when it is named, since nobody but who
   * asks knows what the endpoints serve now. Null: what they serve for every arm.
   */
  models: z.string().min(1).nullable().default(null),
  /** Whether distinct candidates are reviewed, and turns of feedback while none passes; the papers' runs do neither. */
  critique: z.boolean().default(false),
  feedbackTurns: z.int().min(0).max(5).default(0),
  /** Which answer to the same questions, where arms are runs of one system that are compared with each other. */
  sample: z.int().min(0).max(99).nullable().default(null),
  /** What the paper prints of the table's main measure, null where it prints nothing: see mainMeasure. */
  paper: PaperValue.nullable().default(null),
  /** What it prints of other measures, by their names. */
  papers: z.record(z.string(), PaperValue).default({}),
});

/** A table or figure of a paper as arms that differ in one thing. */
export const Table = z.strictObject({
  id,
  paper: z.string().min(1),
  title: z.string().min(1),
  /**
   * Answers that a model may give to one case: then it repairs functions that it is shown, and the case's own tests decide and
   * are its feedback (see takeTurns). Null: the whole method on issues, graded by the SWE-bench harness.
   */
  turns: z.int().min(1).max(20).nullable().default(null),
  /** Of all its arms, beside the paper's settings. */
  profile: someProfile.default({}),
  /** What the paper says where it prints no number, and what of the table cannot be run. */
  notes: z.array(z.string().min(1)).default([]),
  arms: z
    .array(Arm)
    .min(1)
    .superRefine((arms, context) => {
      const names = arms.map(({ name }) => name);
      const twice = names.find((name, place) => names.indexOf(name) !== place);
      if (twice !== undefined) context.addIssue({ code: "custom", message: `arm ${twice} is there twice` });
    }),
});
export type Table = z.infer<typeof Table>;
export type Arm = Table["arms"][number];

/** The measure that a table is about. */
export const mainMeasure = ({ turns }: Table): string =>
  turns === null ? "resolved" : solvedWithinName(turns);

export const solvedWithinName = (turns: number): string =>
  `solved within ${turns} turn${turns === 1 ? "" : "s"}`;

/** Tables that nothing here can run, with what they need. */
const Others = z.array(
  z.strictObject({ id, paper: z.string(), title: z.string(), needs: z.string().min(1) }),
);
export type OtherTable = z.infer<typeof Others>[number];

/** Throws `evaluation-invalid` with every problem of the file. */
export const readTable = (text: string, source: string): Table => readJson(Table, text, source);
export const readOthers = (text: string, source: string): readonly OtherTable[] =>
  readJson(Others, text, source);
