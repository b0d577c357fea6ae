import type { Agent } from "undici";
import type { Role } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Affinity } from "./affinity.ts";
import type { KnownCapabilities } from "./capabilities.ts";
import type { Timeouts } from "./endpoint.ts";
import type { ModelNames } from "./model-names.ts";
import type { Pulses } from "./pulses.ts";
import type { Replicas } from "./replicas.ts";
import type { Retries } from "./retries.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { TokenEstimates } from "./token-estimates.ts";

/** What it takes to bring samples to their outcomes. */
export type ServeDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dispatcher: Agent;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  readonly retryBudget: RetryBudget;
  readonly replicas: Readonly<Record<Role, Replicas>>;
  readonly capabilities: KnownCapabilities;
  /** Name under which a role's model is asked for: an adapter's, where the repository has one. */
  readonly modelOf: (role: Role) => string;
  readonly modelNames: ModelNames;
  /** Largest group that the role's servers took last; roles without an entry have not been asked yet. */
  readonly groupLimits: Map<Role, number>;
  readonly affinity: Affinity;
  readonly pulses: Pulses;
  readonly estimates: TokenEstimates;
  readonly headerNames: { readonly sampleHeader: string; readonly affinityHeader: string | null };
};
