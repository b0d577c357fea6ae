import { assert, json, property } from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/domain/canonical-json.ts";

test("sorts the keys of every object and leaves lists in their order", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: "x" })).toBe('{"a":"x","b":[{"c":2,"d":1},3]}');
});

test("writes what has no JSON as null", () => {
  expect(canonicalJson(undefined)).toBe("null");
});

test("keeps the meaning of every JSON value", () => {
  assert(
    property(json(), (text) => {
      expect(JSON.parse(canonicalJson(JSON.parse(text)))).toEqual(JSON.parse(text));
    }),
  );
});
