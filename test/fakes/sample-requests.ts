import type { SampleRequest } from "../../src/ports/inference-client.ts";

/** A request like the pipeline's, with what a test cares about replaced. */
export const sampleRequest = (fields: Partial<SampleRequest> = {}): SampleRequest => ({
  run: "run-1",
  priority: 1,
  role: "loc-gen",
  stage: "localize-files",
  index: 0,
  attempt: 0,
  messages: [{ role: "user", content: "Which files are wrong?" }],
  temperature: 0.7,
  topP: 0.95,
  maxTokens: 2048,
  seed: 7,
  continues: null,
  ...fields,
});
