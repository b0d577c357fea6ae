import { expect, test } from "vitest";
import { environmentKey } from "../../src/domain/environment-key.ts";
import type { EnvironmentPlan } from "../../src/domain/environment.ts";

const plan: EnvironmentPlan = {
  source: "requirements.txt",
  inputs: ["requirements.txt"],
  steps: [{ name: "install", script: "pip install -r requirements.txt" }],
  activate: "",
  base: { kind: "image", image: null },
  blobs: [
    { path: "a", blob: "1" },
    { path: "b", blob: "2" },
  ],
};
const key = environmentKey(plan, "octo", "sha256:base", "/repo");

test.each([
  ["a step", { ...plan, steps: [{ name: "install", script: "pip install -r other.txt" }] }],
  ["what activates it", { ...plan, activate: "export X=1\n" }],
  ["an input's content", { ...plan, blobs: [{ path: "a", blob: "3" }, ...plan.blobs.slice(1)] }],
  ["what the set-up may reach", { ...plan, hosts: ["pypi.org"] }],
  ["an input's name", { ...plan, blobs: [{ path: "c", blob: "1" }, ...plan.blobs.slice(1)] }],
])("is another when %s changes", (_what, changed) => {
  expect(environmentKey(changed, "octo", "sha256:base", "/repo")).not.toBe(key);
});

test("is another for another owner of the same manifests, whose tree may hold anything", () => {
  expect(environmentKey(plan, "fork", "sha256:base", "/repo")).not.toBe(key);
});

test("is another on another base or at another path", () => {
  expect(environmentKey(plan, "octo", "sha256:other", "/repo")).not.toBe(key);
  expect(environmentKey(plan, "octo", "sha256:base", "/elsewhere")).not.toBe(key);
});

test("is the same whatever order the inputs come in and whatever they are called for people", () => {
  const blobs = plan.blobs.toReversed();

  expect(environmentKey({ ...plan, blobs, source: "other" }, "octo", "sha256:base", "/repo")).toBe(key);
});
