import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadLanguages } from "../../src/languages/detect.ts";
import { altered, program } from "./program.ts";
import { noiseOf, writings } from "./written-program.ts";

const languages = await loadLanguages();
const seed = fc.nat();
const runs = { numRuns: 60 };

describe.each(writings)("the normal form of $id", ({ id, write }) => {
  const normalForm = (text: string): string | null =>
    languages.find((language) => language.id === id)?.normalForm(text) ?? null;

  test("is the same for one program, however it is formatted and commented", () => {
    fc.assert(
      fc.property(program, seed, seed, (one, first, second) => {
        const form = normalForm(write(one, noiseOf(first)));

        expect(form).not.toBeNull();
        expect(normalForm(write(one, noiseOf(second)))).toBe(form);
      }),
      runs,
    );
  });

  test("differs for programs that differ in more, however alike they look", () => {
    fc.assert(
      fc.property(program, fc.oneof(program, fc.nat(6)), seed, (one, change, noise) => {
        const other = typeof change === "number" ? altered(one, change) : change;
        const [form, otherForm] = [one, other].map((which) => normalForm(write(which, noiseOf(noise))));

        expect(form === otherForm).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      runs,
    );
  });
});

test.each(languages)("$name reads a text alike, whatever it was asked about it before", (language) => {
  const writing = writings.find(({ id }) => id === language.id);
  const texts = [1, 2, 3].map((round) => {
    const [one] = fc.sample(program, { seed: round, numRuns: 1 });
    return writing?.write(one ?? [], noiseOf(round)) ?? "";
  });
  const questions = ["structure", "skeleton", "normalForm", "syntaxError"] as const;
  const asked = (order: readonly (typeof questions)[number][]) =>
    texts.map((text) => new Map(order.map((question) => [question, language[question](text)])));

  expect(asked(questions.toReversed())).toEqual(asked(questions));
});
