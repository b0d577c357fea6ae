import type { AppliedSample } from "../domain/candidate-class.ts";
import type { RejectedSample } from "../domain/evidence.ts";
import type { ChatMessage, Completion } from "../domain/transcript.ts";

/** An answer that should hold edits, before anybody has read it. */
export type SampleText = {
  readonly sample: string;
  readonly index: number;
  readonly refines: string | null;
  /** What was asked. */
  readonly chat: readonly ChatMessage[];
  /** `stage/index/attempt` of the answer. */
  readonly call: string;
  readonly completion: Completion;
};

/** A sample whose edits applied; its conversation ends with its answer. */
export type WrittenSample = AppliedSample & Pick<SampleText, "chat" | "call">;

/** How a sample ended. */
export type SampleEnd =
  | { readonly kind: "written"; readonly written: WrittenSample }
  | { readonly kind: "rejected"; readonly rejected: RejectedSample }
  /** There is none, and it does not count: the run was asked to finish, it could not change the result, or it failed. */
  | { readonly kind: "called-off"; readonly why: "stopped" | "unneeded" | "failed" };
