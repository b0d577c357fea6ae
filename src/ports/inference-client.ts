import type { ChatMessage, Completion, Role } from "../domain/transcript.ts";

/** Calls that somebody waits for go first: 0 judges and critiques, 1 localization and PoCs, 2 candidates. */
export type CallPriority = 0 | 1 | 2;

export type SampleRequest = {
  /** Whose call it is: runs share the servers fairly, and those of a run are told apart by their priority. */
  readonly run: string;
  readonly priority: CallPriority;
  readonly role: Role;
  /** Step of the method, e.g. `generate` or `poc-asserting`; together with `index` and `attempt` it names the sample. */
  readonly stage: string;
  /** Which of the stage's samples, from 0. */
  readonly index: number;
  /** Which try within one chain (PoC retries, re-asks), from 0. */
  readonly attempt: number;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly topP: number;
  /** Upper bound of answer tokens, reasoning included. */
  readonly maxTokens: number;
  /**
   * Fewest answer tokens that are worth a call, for a prompt that leaves no room for `maxTokens` in the window; a quarter
   * of these when left out.
   */
  readonly minTokens?: number;
  readonly seed: number;
  /** Sample of the same run, `stage/index/attempt`, whose conversation this one goes on with; its server holds that prefix. */
  readonly continues: string | null;
};

/** A sample that has no usable text; the run goes on with the others. */
export type SampleFailure = {
  readonly reason:
    | "overflow"
    | "overload"
    | "transport"
    | "server"
    | "protocol"
    | "deadline"
    | "too-long"
    /** The run has used up what it may ask of the models; no client gives this one. */
    | "budget"
    /** The run was asked to finish with what it has; no client gives this one. */
    | "stopped"
    /** Nothing that it could say would change the run's result; no client gives this one. */
    | "unneeded";
  readonly detail: string;
  /** Set where the run refused the call itself, so that it says nothing about the models; no client sets it. */
  readonly unsent?: true;
};

export type SampleOutcome =
  | { readonly kind: "completed"; readonly completion: Completion }
  | { readonly kind: "failed"; readonly failure: SampleFailure };

export type EndpointCheck = { readonly role: Role; readonly ok: boolean; readonly detail: string };

/** The models, as the pipeline sees them. */
export interface InferenceClient {
  /**
   * One sample. Every call ends in exactly one outcome. Throws RepairError only when no further call can
   * succeed (`inference-unreachable`, `inference-misconfigured`) or when `signal` aborts (`cancelled`, whose
   * `data.usage` is what had been written by then, where anything had).
   */
  sample(request: SampleRequest, signal: AbortSignal): Promise<SampleOutcome>;
  /**
   * Several samples of one question, asked together where the server can: the requests differ in `index` and `seed`
   * only, and any two seeds lie as far apart as their indices. One promise per request, in their order, each settled as
   * soon as its own sample ends, as by `sample`.
   */
  sampleMany(requests: readonly SampleRequest[], signal: AbortSignal): readonly Promise<SampleOutcome>[];
  /** Context window of the role's model in tokens, null when the server does not tell. */
  window(role: Role, signal: AbortSignal): Promise<number | null>;
  /** Name of the model that serves the role, for the evidence. */
  model(role: Role): string;
  /**
   * Which weights the role's servers say they serve, fit to be shown to anybody; null when they do not tell. Left out: nobody
   * can be asked.
   */
  weights?(role: Role, signal: AbortSignal): Promise<string | null>;
  /** Asks each role's endpoint whether it is there and serves the model. */
  check(signal: AbortSignal): Promise<readonly EndpointCheck[]>;
  /**
   * The models that one repository has, `owner/name` in any case, where single ones may have adapters of their own; all else
   * is shared with this client. Left out: every repository has the same.
   */
  forRepository?(repository: string): InferenceClient;
}
