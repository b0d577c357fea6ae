import { expect, onTestFinished, test } from "vitest";
import { weightsName } from "../../../src/adapters/openai/served-weights.ts";
import { localClient } from "./local-client.ts";
import { answer, startServer } from "./raw-server.ts";

const { signal } = new AbortController();

/** What a client learns of the weights of `loc-gen` from a server whose model list has this. */
async function told(...models: readonly object[]): Promise<string | null | undefined> {
  const server = await startServer([], { models: answer(200, JSON.stringify({ data: models })) });
  onTestFinished(() => server.stop());
  return localClient(server.url).weights?.("loc-gen", signal);
}

test.each([
  ["UCSB-SURFI/Co-PatcheR-Loc-Gen-14B", "UCSB-SURFI/Co-PatcheR-Loc-Gen-14B"],
  [
    "/root/.cache/huggingface/hub/models--UCSB-SURFI--Co-PatcheR/snapshots/3f9c21d07a4455d1b6f3d9bd4d0c5e2a9b8f7e61",
    "UCSB-SURFI/Co-PatcheR@3f9c21d07a44",
  ],
  ["/home/alice/secret-project/loc-gen-2026-11/", "loc-gen-2026-11"],
  ["C:\\models\\loc-gen.gguf", "loc-gen.gguf"],
  ["../loc-gen", "loc-gen"],
  ["/", ""],
])("of the root %s people see %s", (root, name) => {
  expect(weightsName(root)).toBe(name);
});

test("the weights are those of the model that is asked for", async () => {
  const models = [
    { id: "val-assert", root: "other/weights" },
    { id: "loc-gen", root: "/models/loc-gen-v2" },
  ];

  expect(await told(...models)).toBe("loc-gen-v2");
});

test.each<[string, readonly object[]]>([
  ["says nothing of weights", [{ id: "loc-gen" }]],
  ["says the model's own name", [{ id: "loc-gen", root: "loc-gen" }]],
  ["says something else than a text", [{ id: "loc-gen", root: { path: "/models" } }]],
  ["does not list the model", [{ id: "another", root: "a/b" }]],
])("a server that %s names no weights", async (_, models) => {
  expect(await told(...models)).toBeNull();
});

test("a server that is away names no weights, and nothing fails", async () => {
  expect(await localClient("http://127.0.0.1:9").weights?.("loc-gen", signal)).toBeNull();
});
