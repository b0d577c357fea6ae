import { expect, test } from "vitest";
import { refuseImageName } from "../../src/domain/image-name.ts";

test.each([
  "python:3.12",
  "debian",
  "ghcr.io/acme/tests:1",
  "localhost:5000/a/b_c__d-e.f:V1.2",
  "Registry.corp:8443/x/y",
  `python@sha256:${"a".repeat(64)}`,
  `python:3@sha256:${"a".repeat(64)}`,
  "cafe:1",
])("takes %s", (name) => {
  expect(refuseImageName(name)).toBeNull();
});

test.each<[string, RegExp]>([
  ["", /no name/],
  ["No Such: Image!!", /no name/],
  ["../../containers/json", /no name/],
  ["a/../../evil.example/x", /no name/],
  ["a//evil.example", /no name/],
  ["x?fromImage=y", /no name/],
  ["x#y", /no name/],
  ["x%2e%2e/y", /no name/],
  ["x\n", /no name/],
  ["https://registry.corp/x", /no name/],
  ["a".repeat(301), /no name/],
  ["b", /id of an image/],
  ["bd4090c3622b", /id of an image/],
  [`sha256:${"0".repeat(64)}`, /id of an image/],
  ["copatcher-environment/other:key", /Copatcher itself keeps/],
  ["docker.io/copatcher-base/other:key", /Copatcher itself keeps/],
])("refuses %j", (name, why) => {
  expect(refuseImageName(name)).toMatch(why);
});
