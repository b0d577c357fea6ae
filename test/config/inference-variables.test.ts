import { expect, test } from "vitest";
import { readConfig, type Env } from "../../src/config.ts";
import { asRepairError } from "../../src/domain/errors.ts";

const inferenceOf = (env: Env) =>
  readConfig({ COPATCHER_INFERENCE_URL: "http://gpu/v1", ...env }, "cli").inference;

function refusal(env: Env): string {
  try {
    inferenceOf(env);
  } catch (error) {
    return asRepairError(error).message;
  }
  throw new Error("the configuration was accepted");
}

test("single roles may have servers and a key of their own", () => {
  const roles = inferenceOf({
    COPATCHER_INFERENCE_KEY: "shared",
    COPATCHER_VAL_ASSERT_URL: "http://b/v1",
    COPATCHER_VAL_ASSERT_KEY: "own",
  })?.roles;

  expect(roles?.["val-assert"]).toMatchObject({ urls: ["http://b/v1"], key: "own" });
  expect(roles?.["loc-gen"]).toMatchObject({ urls: ["http://gpu/v1"], key: "shared" });
});

test("a role may be served by several servers, each counted once", () => {
  const roles = inferenceOf({
    COPATCHER_LOC_GEN_URL: "http://a/v1, http://b:8000/v1/ ,http://a/v1/,",
  })?.roles;

  expect(roles?.["loc-gen"].urls).toEqual(["http://a/v1", "http://b:8000/v1"]);
});

test("each role may be told whether to think; who says nothing tells nothing", () => {
  const roles = inferenceOf({
    COPATCHER_LOC_GEN_THINK: "true",
    COPATCHER_VAL_NO_ASSERT_THINK: "false",
  })?.roles;

  expect(roles?.["loc-gen"].think).toBe(true);
  expect(roles?.["val-assert"].think).toBeNull();
  expect(roles?.["val-no-assert"].think).toBe(false);
});

test("single repositories may have adapters, whatever the case of their names", () => {
  const roles = inferenceOf({
    COPATCHER_LOC_GEN_ADAPTERS: "Octo/Parcels=octo--parcels@3f9c21d07a44, octo/letters=/adapters/l:1,",
  })?.roles;

  expect([...(roles?.["loc-gen"].adapters ?? [])]).toEqual([
    ["octo/parcels", "octo--parcels@3f9c21d07a44"],
    ["octo/letters", "/adapters/l:1"],
  ]);
  expect(roles?.["val-assert"].adapters.size).toBe(0);
});

test.each([
  ["COPATCHER_LOC_GEN_ADAPTERS", "octo/parcels", "owner/name=adapter"],
  ["COPATCHER_LOC_GEN_ADAPTERS", "parcels=a", "owner/name=adapter"],
  ["COPATCHER_LOC_GEN_ADAPTERS", "octo/parcels=a b", "owner/name=adapter"],
  ["COPATCHER_LOC_GEN_ADAPTERS", "octo/parcels=a,Octo/Parcels=b", "must not name octo/parcels twice"],
  ["COPATCHER_LOC_GEN_THINK", "maybe", "must be true or false"],
  ["COPATCHER_INFERENCE_URL", "http://a/v1,gpu:8000", "http://"],
  ["COPATCHER_LOC_GEN_URL", "http://a/v1,http://u:p@b/v1", "user name or password"],
  ["COPATCHER_VAL_ASSERT_URL", " , ", "must name an address"],
  ["COPATCHER_INFERENCE_CONCURRENCY", "0", "from 1 to 1024"],
  ["COPATCHER_AFFINITY_HEADER", "x-run: 1", "must be a header's name"],
  ["COPATCHER_AFFINITY_HEADER", "Authorization", "requests have anyway"],
  ["COPATCHER_AFFINITY_HEADER", "content-length", "requests have anyway"],
])("%s=%s is refused", (name, value, words) => {
  expect(refusal({ [name]: value })).toMatch(new RegExp(`${name} .*${words}`));
});
