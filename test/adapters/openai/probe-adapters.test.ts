import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { probeAdapters } from "../../../src/adapters/openai/probe-adapters.ts";
import { serve } from "../../simulator/http/simulator-call.ts";
import { answer, startServer, takesGroups } from "./raw-server.ts";

const dispatcher = new Agent();
const { signal } = new AbortController();
const adapters = new Map([
  ["octo/parcels", "parcels@1"],
  ["octo/letters", "parcels@1"],
  ["octo/stamps", "stamps@7"],
]);

const found = (baseUrl: string) =>
  probeAdapters(
    { baseUrl: `${baseUrl}/v1`, apiKey: null, model: "m", system: null },
    adapters,
    dispatcher,
    signal,
  );

test("tells for each adapter whether the server has it, for whom, and what to do", async () => {
  const { simulator } = await serve();
  simulator.simulation.loadAdapter("parcels@1", "m");

  expect(await found(simulator.url)).toEqual([
    {
      what: "adapter parcels@1",
      ok: true,
      detail: "served; for octo/parcels, octo/letters",
      fix: "",
    },
    {
      what: "adapter stamps@7",
      ok: false,
      detail: expect.stringMatching(/^not served: 404 .*stamps@7.*; for octo\/stamps$/) as string,
      fix: expect.stringContaining("COPATCHER_LOC_GEN_ADAPTERS") as string,
    },
  ]);
});

const models = answer(200, JSON.stringify({ data: [{ id: "m" }, { id: "parcels@1", parent: "m" }] }));
const refusal = answer(404, '{"error": {"message": "The model does not exist."}}');

test("asks for an adapter that is not listed, since a server that loads by itself lists none before", async () => {
  const server = await startServer([], {
    models,
    probe: (body) => (body.includes('"stamps@7"') ? takesGroups(body) : refusal),
  });
  onTestFinished(() => server.stop());

  expect((await found(server.url)).map(({ ok, detail }) => [ok, detail])).toEqual([
    [true, "served, of m; for octo/parcels, octo/letters"],
    [true, "not listed before it is asked for, and answers; for octo/stamps"],
  ]);
});

test("does not believe a server that answers to any name", async () => {
  const server = await startServer([], { models, probe: takesGroups });
  onTestFinished(() => server.stop());

  expect((await found(server.url))[1]).toMatchObject({
    ok: false,
    detail: expect.stringContaining("any name") as string,
  });
});

test("says why it cannot tell where the server has no model list", async () => {
  const server = await startServer([], {});
  onTestFinished(() => server.stop());

  expect(await found(server.url)).toMatchObject([{ what: "adapters", ok: false }]);
});
