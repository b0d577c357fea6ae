import { expect, test } from "vitest";
import { bodyOf } from "../../../src/adapters/openai/request-body.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";

const endpoint = { baseUrl: "http://h/v1", apiKey: null, model: "m", system: null };
const question = { requests: [sampleRequest()] as const, maxTokens: 100, prioritized: false };

test.each([true, false])("a template with the switch is told to think: %s", (think) => {
  expect(bodyOf({ ...question, endpoint: { ...endpoint, think } })).toMatchObject({
    chat_template_kwargs: { enable_thinking: think },
  });
});

test("other templates are told nothing", () => {
  expect(bodyOf({ ...question, endpoint })).not.toHaveProperty("chat_template_kwargs");
});
