/** A remark on a line of a file; line and column count from 1, null is the whole line. */
export type CheckAnnotation = {
  readonly path: string;
  readonly line: number;
  readonly column: number | null;
  readonly level: "failure" | "warning";
  /** Plain text. */
  readonly message: string;
};

/** A button beside a check; GitHub takes 20 characters for identifier and label, 40 for the description. */
export type CheckAction = {
  readonly identifier: string;
  readonly label: string;
  readonly description: string;
};

/** What a check said. `neutral` passes for GitHub, and shows that nothing is promised. */
export type CheckConclusion = "success" | "failure" | "neutral";

/** A check of one commit by the bot. Name and `externalId` identify it there: saying it twice changes nothing. */
export type CheckRun = {
  readonly headSha: string;
  readonly name: string;
  readonly externalId: string;
  readonly conclusion: CheckConclusion;
  /** Plain text. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** Those beyond the 50 that GitHub takes at once are left out. */
  readonly annotations: readonly CheckAnnotation[];
  /** At most three. */
  readonly actions: readonly CheckAction[];
};

/** Annotations in one request. */
export const mostAnnotations = 50;
