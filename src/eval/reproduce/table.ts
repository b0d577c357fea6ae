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
  /** The share of issues resolved that the paper prints, null where it prints none. */
  paper: PaperValue.nullable(),
});
export type Arm = z.infer<typeof Arm>;

/** A table or figure of a paper as arms of our pipeline that differ in one thing. */
export const Table = z.strictObject({
  id,
  paper: z.string().min(1),
  title: z.string().min(1),
  /** Of all its arms, beside the paper's settings. */
  profile: someProfile.default({}),
  /** What the paper says where it prints no number, and what of the table cannot be run. */
  notes: z.array(z.string().min(1)),
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

/** Tables that nothing here can run, with what they need. */
const Others = z.array(
  z.strictObject({ id, paper: z.string(), title: z.string(), needs: z.string().min(1) }),
);
export type OtherTable = z.infer<typeof Others>[number];

/** Throws `evaluation-invalid` with every problem of the file. */
export const readTable = (text: string, source: string): Table => readJson(Table, text, source);
export const readOthers = (text: string, source: string): readonly OtherTable[] =>
  readJson(Others, text, source);
