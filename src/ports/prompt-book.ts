import type { Role } from "../domain/transcript.ts";

/** One prompt file: its front-matter and its template text. */
export type Prompt = {
  readonly id: string;
  readonly version: number;
  readonly role: Role;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly variables: readonly string[];
  readonly template: string;
  /** sha256 of the whole file, for transcripts and journal keys. */
  readonly hash: string;
};

export interface PromptBook {
  /** The prompt with this id; throws when there is none. */
  prompt(id: string): Prompt;
}
