import { expect, test } from "vitest";
import { methodHash } from "../../src/pipeline/provenance.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { createUsageMeter } from "../../src/pipeline/usage-meter.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import { summarise } from "../../src/report/summary.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { solvedByRightEdit } from "../fixtures/run-world.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

/** A client whose servers name the weights of one role; `asked` are the roles that it was asked about. */
function namingWeights(asked: string[]): InferenceClient {
  return {
    ...createScriptedClient({ replies: smallReplies() }),
    weights: (role) => {
      asked.push(role);
      return Promise.resolve(role === "loc-gen" ? "octo/weights@3f9c21d" : null);
    },
  };
}

test("a result names its settings, the prompts that were filled, and the weights that servers tell", async () => {
  const asked: string[] = [];
  const { context } = await makeStage({ answer: solvedByRightEdit, inference: namingWeights(asked) });

  const result = await repair(context);
  const { provenance } = result.evidence;

  expect(summarise(result, 1).provenance).toEqual(provenance);
  expect(provenance.settings).toBe(methodHash(context));
  expect(Object.keys(provenance.prompts)).toEqual([
    "generate",
    "localize-files",
    "localize-lines",
    "poc-asserting",
  ]);
  expect(provenance.prompts["generate"]).toBe(context.prompts.prompt("generate").hash);
  expect(provenance.weights).toEqual({ "loc-gen": "octo/weights@3f9c21d" });
  expect(asked).toEqual(["loc-gen", "val-assert"]);
});

test("a run that resumes does not ask for the weights again", async () => {
  const asked: string[] = [];
  const { context } = await makeStage({ answer: solvedByRightEdit, inference: namingWeights(asked) });
  await repair(context);
  asked.length = 0;

  const { provenance } = (await repair(context)).evidence;

  expect(provenance.weights).toEqual({ "loc-gen": "octo/weights@3f9c21d" });
  expect(asked).toEqual([]);
});

test("the image is the session's, and there is none where the sandbox has none", async () => {
  const { context } = await makeStage({ answer: solvedByRightEdit });
  const image = `sha256:${"d".repeat(64)}`;

  const inImage = await repair({ ...context, sandbox: { ...context.sandbox, image } });

  expect(inImage.evidence.provenance.image).toBe(image);
  expect((await repair(context)).evidence.provenance.image).toBeNull();
});

test("an answer that is read again from the journal is timed once", () => {
  const meter = createUsageMeter();
  const usage = { prompt: 1, completion: 1, estimated: false };
  const answered = { prompt: { id: "generate", hash: "h" }, milliseconds: 700 };

  meter.add("one", "loc-gen", "m", usage, answered);
  meter.add("one", "loc-gen", "m", usage, answered);
  meter.add("two", "loc-gen", "m", usage, answered);

  expect(meter.milliseconds()).toBe(1_400);
});
