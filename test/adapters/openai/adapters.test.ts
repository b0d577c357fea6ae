import { expect, onTestFinished, test } from "vitest";
import type { InferenceClient } from "../../../src/ports/inference-client.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator } from "../../../src/simulator/http/simulator.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { askAll, neighbours } from "./group-call.ts";
import { localClient } from "./local-client.ts";

const { signal } = new AbortController();
const trained = "octo--parcels@3f9c21d07a44";

/** A server of the released model that has loaded the adapter of one of the two repositories that are said to have one. */
async function served(): Promise<InferenceClient> {
  const simulator = await startSimulator({
    models: { "loc-gen": { engine: { ...h100Bf16, window: 16_384 } } },
    script: scriptOfRules([
      { match: { model: trained }, choices: [{ text: "as trained" }] },
      { match: {}, choices: [{ text: "as released" }] },
    ]),
    timeScale: 0,
  });
  onTestFinished(() => simulator.stop());
  simulator.simulation.loadAdapter(trained, "loc-gen");
  const names = new Map([
    ["octo/parcels", trained],
    ["octo/letters", "octo--letters@0"],
  ]);
  return localClient(simulator.url, null, {
    adapters: { "loc-gen": names, "val-assert": new Map(), "val-no-assert": new Map() },
  });
}

/** What a group of three says, and who it was. */
async function saidBy(client: InferenceClient | undefined): Promise<readonly unknown[]> {
  const outcomes = client === undefined ? [] : await askAll(client, neighbours(3));
  const said = outcomes.map((outcome) =>
    outcome.kind === "completed"
      ? `${outcome.completion.text} by ${outcome.completion.model}`
      : outcome.failure.reason,
  );
  return [...new Set(said)];
}

test("a repository's adapter answers for it, the role's own model for all others", async () => {
  const client = await served();
  const [own, other] = [client.forRepository?.("Octo/Parcels"), client.forRepository?.("octo/stamps")];

  expect(await saidBy(own)).toEqual([`as trained by ${trained}`]);
  expect(await saidBy(other)).toEqual(["as released by loc-gen"]);
  expect(await saidBy(client)).toEqual(["as released by loc-gen"]);
  expect([own?.model("loc-gen"), own?.model("val-assert")]).toEqual([trained, "val-assert"]);
  expect(await own?.window("loc-gen", signal)).toBe(16_384);
});

test("an adapter that the server does not have ends the run, by its name", async () => {
  const own = (await served()).forRepository?.("octo/letters");

  await expect(saidBy(own)).rejects.toMatchObject({
    code: "inference-misconfigured",
    message: expect.stringContaining("(model octo--letters@0)") as string,
  });
});
