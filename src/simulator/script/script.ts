import type { ChatMessage } from "../../domain/transcript.ts";
import type { SampleName } from "../replies.ts";
import type { PlannedFault } from "./faults.ts";

/** A call as scripts see it. */
export type ScriptCall = {
  readonly model: string;
  /** Named by the caller's header, null without one. For a group of n it names the first of them. */
  readonly sample: SampleName | null;
  readonly messages: readonly ChatMessage[];
  /** Seed of the first choice; choice i has seed + i. */
  readonly seed: number | null;
  readonly temperature: number;
};

export type ScriptedAnswer = { readonly text: string; readonly finish: "stop" | "length" };

export type ScriptedReply = {
  /** The same for the same choice, whenever and how often it is asked for. */
  answer(choice: number): ScriptedAnswer;
  /** Whether the call's token limit cuts the answers; recordings say themselves where they were cut. */
  readonly isCut: boolean;
  /** What the server claims to have counted, where that is not the truth. */
  readonly usage: { readonly prompt: number; readonly completion: number } | null;
  readonly faults: readonly PlannedFault[];
  /** Which calls count as one for `times` and `nth` of the faults. */
  readonly faultKey: string;
};

/** Decides what the simulated models answer. */
export type Script = {
  /** Null when the script has nothing for this call: the caller must fail loudly. */
  reply(call: ScriptCall): ScriptedReply | null;
  /** What to say then, and with which HTTP status. */
  missing(call: ScriptCall): { readonly message: string; readonly status: 400 | 422 | 500 };
};
