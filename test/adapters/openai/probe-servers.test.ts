import { expect, test } from "vitest";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import { probeServers } from "../../../src/adapters/openai/probe-servers.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Rule } from "../../../src/simulator/script/rules.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { serve } from "../../simulator/http/simulator-call.ts";

const signal = new AbortController().signal;

const four = (text: string): Rule => ({ match: { prompt: "2 \\+ 2" }, choices: [{ text }] });
const endless: Rule = { match: { prompt: "never stop" }, choices: [{ text: "1 2 3 ".repeat(8_000) }] };
const anything: Rule = { match: {}, choices: [{ text: "yes" }] };
const rules = [four("<think>\nhm\n</think>\n\n4"), endless, anything];

type Options = NonNullable<Parameters<typeof serve>[0]>;

/** What was found of a simulated server, by name. */
async function found(
  options: Options,
  model = "m",
  clock: Clock = createFixedClock(),
): Promise<Readonly<Record<string, string>>> {
  const { simulator } = await serve({ rules, ...options });
  const endpoint: Endpoint = { baseUrl: simulator.url, apiKey: null, model, system: null };
  const endpoints = { "loc-gen": [endpoint], "val-assert": [], "val-no-assert": [] };
  const [report] = await probeServers(endpoints, clock, signal);
  const entries = (report?.findings ?? []).map(({ what, ok, detail, fix }) => {
    expect(fix !== "").toBe(!ok);
    return [what, `${ok ? "ok" : "FAIL"}: ${detail}`];
  });
  return Object.fromEntries(entries);
}

test("finds everything on a vLLM server that is set up well", async () => {
  const findings = await found({ timeScale: 0.02, engine: { policy: "priority" } }, "m", createSystemClock());

  expect(findings).toEqual({
    model: expect.stringMatching(/^ok: http:.*\(model m\)/),
    window: "ok: 32768 tokens",
    "long prompts": expect.stringMatching(/^ok: a prompt of \d+ tokens was read to its end/),
    tokenizer: expect.stringMatching(/^ok: counts prompts at \/tokenize \(\d+ /),
    groups: "ok: several answers to one request (n)",
    priority: "ok: taken",
    reasoning: "ok: in the text, between <think> tags",
    usage: "ok: reported once, for the whole request",
    cancelling: "ok: hanging up ends the work on an answer",
  });
});

test("tells a server that goes on after a hang-up", async () => {
  const { cancelling } = await found({ timeScale: 0.5, abortBroken: true });

  expect(cancelling).toMatch(/^FAIL: the server went on/);
});

test("tells Ollama's habits: no n, and prompts cut without a word", async () => {
  const findings = await found({ dialect: "ollama" });

  expect(findings["long prompts"]).toMatch(/^FAIL: of 5200 words only 4\d{3} tokens were read/);
  expect(findings["groups"]).toMatch(/^ok: one answer per request/);
});

test("tells llama-server's habits: usage per answer, other metrics", async () => {
  const findings = await found({ dialect: "llamacpp", timeScale: 0.02 }, "m", createSystemClock());

  expect(findings["usage"]).toBe("ok: reported once per answer");
  expect(findings["cancelling"]).toBe("ok: hanging up ends the work on an answer");
});

test("sees by SGLang's own metrics that a cancelled answer ends", async () => {
  const { cancelling } = await found({ dialect: "sglang", timeScale: 0.02 }, "m", createSystemClock());

  expect(cancelling).toBe("ok: hanging up ends the work on an answer");
});

test("tells a vLLM server without priorities", async () => {
  const findings = await found({});

  expect(findings["priority"]).toMatch(/^ok: not taken/);
  expect(findings["groups"]).toMatch(/several answers/);
});

test("tells a window that is too small, before and by the refusal of a long prompt", async () => {
  const findings = await found({ engine: { window: 4_096 } });

  expect(findings["window"]).toBe("FAIL: 4096 tokens, too few for a file and its patch");
  expect(findings["long prompts"]).toMatch(/^FAIL: 5200 words were refused: .*4096/);
});

test.each([
  [true, "<think>\nhm</think>\n\n4", /^ok: the server separates it \(field reasoning\)/],
  [true, "<think>\nhm", /^FAIL: the whole answer came as reasoning/],
  [false, "hm</think>4", /^ok: in the text, its opening tag is in the prompt/],
  [false, "4", /^ok: none in a short answer/],
])("sees where the reasoning is (parser: %s, %j)", async (parsesReasoning, text, expected) => {
  const findings = await found({ parsesReasoning, rules: [four(text), anything] });

  expect(findings["reasoning"]).toMatch(expected);
});

test("says that a model is not served, and asks nothing more", async () => {
  const findings = await found({}, "other");

  expect(Object.keys(findings)).toEqual(["model"]);
  expect(findings["model"]).toMatch(/^FAIL: .*not served there; served: m/);
});

test("shows which names are adapters", async () => {
  const { simulator } = await serve({ rules });
  await fetch(`${simulator.url}/v1/load_lora_adapter`, {
    method: "POST",
    body: JSON.stringify({ lora_name: "repo@1", lora_path: "/adapters/repo" }),
  });
  const endpoint: Endpoint = { baseUrl: simulator.url, apiKey: null, model: "repo@1", system: null };

  const [report] = await probeServers(
    { "loc-gen": [endpoint], "val-assert": [], "val-no-assert": [] },
    createSystemClock(),
    signal,
  );

  expect(report?.findings[0]).toMatchObject({ ok: true, detail: expect.stringContaining("repo@1") });
});

test("says of a server that is away that it cannot be reached, and of no other", async () => {
  const { simulator } = await serve({ rules });
  const endpoint = (baseUrl: string): Endpoint => ({ baseUrl, apiKey: null, model: "m", system: null });
  const endpoints = {
    "loc-gen": [endpoint("http://127.0.0.1:59999"), endpoint(simulator.url)],
    "val-assert": [],
    "val-no-assert": [],
  };

  const [away, there] = await probeServers(endpoints, createSystemClock(), signal);

  expect(away?.findings).toMatchObject([
    { what: "model", ok: false, detail: expect.stringMatching(/ECONNREFUSED/) },
  ]);
  expect(there?.findings[0]?.ok).toBe(true);
});
