import { expect, test } from "vitest";
import { checkInference } from "../../src/cli/doctor-inference.ts";
import { readConfig } from "../../src/config.ts";
import { h100Bf16 } from "../../src/simulator/engine/parameters.ts";
import { serve } from "../simulator/http/simulator-call.ts";

const models = Object.fromEntries(
  ["loc-gen", "val-assert", "val-no-assert"].map((model) => [model, { engine: h100Bf16 }]),
);

test("says that no address is set, and what to do", async () => {
  expect(await checkInference(readConfig({}, "cli"))).toMatchObject([
    { name: "inference", ok: false, fix: expect.stringContaining("COPATCHER_INFERENCE_URL") },
  ]);
});

test("has one line for each role and server, and one for each of their habits", async () => {
  const { simulator } = await serve({ models, apiKey: "secret-key-1" });
  const away = "http://127.0.0.1:59999/v1";
  const checks = await checkInference(
    readConfig(
      {
        COPATCHER_INFERENCE_URL: simulator.url,
        COPATCHER_LOC_GEN_URL: `${simulator.url},${away}`,
        COPATCHER_INFERENCE_KEY: "secret-key-1",
      },
      "cli",
    ),
  );

  expect(checks.filter(({ ok }) => !ok)).toMatchObject([
    { name: `inference loc-gen at ${away}`, detail: expect.stringContaining("ECONNREFUSED") },
  ]);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      `inference loc-gen at ${simulator.url}/v1, groups`,
      "inference val-assert",
      "inference val-no-assert, cancelling",
    ]),
  );
  expect(JSON.stringify(checks)).not.toContain("secret-key-1");
}, 60_000);

test("has a line for each repository's adapter", async () => {
  const { simulator } = await serve({ models });
  simulator.simulation.loadAdapter("parcels@1", "loc-gen");
  const checks = await checkInference(
    readConfig(
      {
        COPATCHER_INFERENCE_URL: simulator.url,
        COPATCHER_LOC_GEN_ADAPTERS: "octo/parcels=parcels@1,octo/stamps=stamps@7",
      },
      "cli",
    ),
  );

  expect(checks.filter(({ name }) => name.includes("adapter"))).toMatchObject([
    { name: "inference loc-gen, adapter parcels@1", ok: true },
    { name: "inference loc-gen, adapter stamps@7", ok: false, fix: expect.stringContaining("ADAPTERS") },
  ]);
}, 60_000);

test("names the key when the server wants another one, without showing it", async () => {
  const { simulator } = await serve({ models, apiKey: "the right key" });
  const env = { COPATCHER_INFERENCE_URL: simulator.url, COPATCHER_INFERENCE_KEY: "the wrong key" };

  const checks = await checkInference(readConfig(env, "cli"));

  expect(checks).toHaveLength(3);
  expect(checks[0]).toMatchObject({ ok: false, fix: expect.stringContaining("key") });
  expect(JSON.stringify(checks)).not.toContain("the wrong key");
});
