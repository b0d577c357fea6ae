import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { estimateTokens } from "../../../src/domain/token-estimate.ts";
import { tokenCount, tokenEnd } from "../../../src/simulator/engine/tokens.ts";
import { drawLength, padWithReasoning } from "../../../src/simulator/script/length.ts";
import { readScript } from "../../../src/simulator/script/read-script.ts";
import { promptSha, scriptOfRules, type Rule } from "../../../src/simulator/script/rules.ts";
import type { ScriptCall } from "../../../src/simulator/script/script.ts";

const call = (fields: Partial<ScriptCall> = {}): ScriptCall => ({
  model: "m",
  sample: { stage: "generate", index: 0, attempt: 0 },
  messages: [{ role: "user", content: "Fix the parcel." }],
  seed: null,
  temperature: 0.7,
  ...fields,
});
const texts = (rules: readonly Rule[], asked: ScriptCall, choices = 1): readonly (string | undefined)[] => {
  const reply = scriptOfRules(rules, 1).reply(asked);
  return Array.from({ length: choices }, (_, choice) => reply?.answer(choice).text);
};
const coin: readonly Rule[] = [{ match: {}, choices: [{ text: "heads" }, { text: "tails" }] }];

test.each([
  ["model", { model: "m" }, { model: "other" }],
  ["stage", { stage: "generate" }, { stage: "critique" }],
  ["prompt", { prompt: "Fix .* parcel" }, { prompt: "^parcel" }],
  ["hash", { sha: promptSha(call().messages) }, { sha: "0000000000000000" }],
])("fits by %s", (_what, fitting, other) => {
  const rules = [
    { match: other, choices: [{ text: "other" }] },
    { match: fitting, choices: [{ text: "fitting" }] },
    { match: {}, choices: [{ text: "last" }] },
  ];

  expect(texts(rules, call())).toEqual(["fitting"]);
});

test("lets the nth fitting call have its own answer", () => {
  const script = scriptOfRules([
    { match: { stage: "generate", nth: 2 }, choices: [{ text: "second" }] },
    { match: {}, choices: [{ text: "any" }] },
  ]);
  const said = (): string | undefined => script.reply(call())?.answer(0).text;

  expect([said(), said(), said()]).toEqual(["any", "second", "any"]);
});

test("says which call no rule fits", () => {
  const script = scriptOfRules([{ match: { model: "other" }, choices: [{ text: "x" }] }]);

  expect(script.reply(call())).toBeNull();
  expect(script.missing(call())).toMatchObject({
    status: 500,
    message: expect.stringMatching(
      /^unscripted: .*model m, sample generate\/0\/0, prompt [0-9a-f]{16} \("Fix the parcel\."\)/,
    ),
  });
});

test("answers n choices of seed s as n calls with the seeds from s on", () => {
  const together = texts(coin, call({ seed: 40 }), 8);
  const apart = together.map((_, at) => texts(coin, call({ seed: 40 + at, sample: null }))[0]);

  expect(apart).toEqual(together);
  expect(new Set(together)).toEqual(new Set(["heads", "tails"]));
});

test("answers the same whatever was asked before", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
      const script = scriptOfRules(coin, 1);
      const said = new Map(order.map((seed) => [seed, script.reply(call({ seed }))?.answer(0).text]));

      expect(order.map((seed) => said.get(seed))).toEqual(
        order.map((seed) => texts(coin, call({ seed }))[0]),
      );
    }),
    { numRuns: 20 },
  );
});

test("is greedy at temperature 0, whatever the seed", () => {
  const said = Array.from({ length: 20 }, (_, seed) => texts(coin, call({ seed, temperature: 0 }))[0]);

  expect(new Set(said).size).toBe(1);
});

test("draws choices by their weights", () => {
  const rules = [{ match: {}, choices: [{ text: "rare" }, { text: "often", weight: 9 }] }];
  const said = texts(rules, call({ seed: 1 }), 400);

  const rare = said.filter((text) => text === "rare").length;
  expect(rare).toBeGreaterThan(20);
  expect(rare).toBeLessThan(60);
});

test("lets code answer by call, choice and chance", () => {
  const rules: readonly Rule[] = [
    {
      match: {},
      choices: [{ text: ({ sample }, choice, chance) => `${sample?.stage} ${choice} ${chance < 1}` }],
    },
  ];

  expect(texts(rules, call(), 2)).toEqual(["generate 0 true", "generate 1 true"]);
});

describe("lengths", () => {
  test("follow the distribution and its cap", () => {
    const length = { mean: 2_000, sigma: 0.5, cap: 4_000 };
    const drawn = Array.from({ length: 600 }, (_, key) => drawLength(length, [key]));

    const median = drawn.toSorted((a, b) => a - b)[300] ?? 0;
    expect(median / (2_000 / Math.exp(0.125))).toBeCloseTo(1, 1);
    expect(Math.max(...drawn)).toBe(4_000);
    expect(drawLength(77, [])).toBe(77);
  });

  test("are reached by reasoning before the text, exactly", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.integer({ min: 40, max: 500 }),
        fc.boolean(),
        (text, tokens, thinks) => {
          const padded = padWithReasoning(thinks ? `<think>${text}</think>done` : text, tokens, "word");

          expect(tokenCount(padded)).toBe(tokens);
          expect(padded.endsWith(thinks ? "done" : text)).toBe(true);
          expect(padded.startsWith("<think>")).toBe(true);
        },
      ),
    );
  });

  test("leave a text alone that is longer", () => {
    expect(padWithReasoning("four words are enough", 2, "word")).toBe("four words are enough");
  });
});

test("counts tokens as the domain estimates them, and cuts no character in two", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.nat(100), (text, tokens) => {
      expect(tokenCount(text)).toBe(estimateTokens(text));
      const cut = text.slice(0, tokenEnd(text, tokens));
      expect(Buffer.from(cut).toString()).toBe(cut);
    }),
  );
});

describe("a script file", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "copatcher-script-"));
    await writeFile(join(folder, "answer.md"), "from a file");
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (content: string): Promise<readonly Rule[]> => {
    await writeFile(join(folder, "script.json"), content);
    return readScript(join(folder, "script.json"));
  };

  test("may keep its answers in files beside it", async () => {
    const rules = await read(
      JSON.stringify({
        rules: [{ match: {}, choices: [{ file: "answer.md", tokens: { mean: 9, sigma: 0, cap: 9 } }] }],
      }),
    );

    expect(rules).toMatchObject([{ choices: [{ text: "from a file", tokens: { mean: 9 } }] }]);
  });

  test.each([
    ["text that is not JSON", "{", /is not JSON/],
    [
      "a fault that does not exist",
      '{"rules":[{"match":{},"choices":[{"text":""}],"faults":[{"fault":{"kind":"explode"}}]}]}',
      /faults/,
    ],
    ["a rule without choices", '{"rules":[{"match":{},"choices":[]}]}', /choices/],
  ])("is refused with %s", async (_what, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(message),
    });
  });
});
