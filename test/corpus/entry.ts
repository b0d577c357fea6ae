import type { RejectionReason } from "../../src/domain/edit.ts";
import type { LineRange } from "../../src/domain/location.ts";
import type { Completion } from "../../src/domain/transcript.ts";

/** A reply as a server sends it, reasoning included, and what it must be read as. `name` says what is odd about it. */
export type Entry<Reading> = {
  readonly name: string;
  readonly reply: string;
  /** Left out: the model stopped by itself. */
  readonly finish?: Completion["finish"];
  readonly reading: Reading;
};

/** Text of a file of the tree that becomes another one; `from` null when the file is new. */
export type Replacement = readonly [path: string, from: string | null, to: string];

/** What a patch changes in the tree, or why it is none. */
export type EditReading = readonly Replacement[] | RejectionReason;

/** A place in one of the files asked about: lines, or `class`, `function` or `variable` and its name. */
export type Place = readonly [path: string, place: LineRange | string];

export type Script = string | null;
export type Verdict = "yes" | "no" | "unparsable";
export type Conclusion = "right" | "wrong";
