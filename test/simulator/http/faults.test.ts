import { expect, test } from "vitest";
import type { ServerFault } from "../../../src/simulator/script/faults.ts";
import { answer, chat, eventsOf, serve, type Served } from "./simulator-call.ts";

const path = "/v1/chat/completions";
const faulty = (fault: ServerFault): Promise<Served> =>
  serve({ rules: [{ match: {}, choices: [{ text: answer }], faults: [{ fault }] }] });
/** What a client gets to see: status and text, or that the connection broke. */
const seen = async (fault: ServerFault, stream = true): Promise<string> => {
  const { post } = await faulty(fault);
  try {
    // Silence is waited for; everything else comes at last, however busy the machine is.
    const patience = fault.kind === "hang" || fault.kind === "stall" ? 400 : 20_000;
    const response = await post(path, chat({ stream }), AbortSignal.timeout(patience));
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "silence" : "broken";
  }
};

test.each([
  [{ kind: "hang" }, /^silence$/],
  [{ kind: "stall", chunks: 2 }, /^silence$/],
  [{ kind: "reset" }, /^broken$/],
  [{ kind: "reset-after", chunks: 2 }, /^broken$/],
  [{ kind: "restart", ms: 50 }, /^broken$/],
  [{ kind: "refuse", ms: 50 }, /^broken$/],
  [{ kind: "end-early", chunks: 2 }, /^200 (?!.*(DONE|"finish_reason":"stop"))/s],
  [{ kind: "half-line", chunks: 2 }, /^200 .*data: \{[^\n]*[^\n}]$/s],
  [{ kind: "bad-json", chunks: 2 }, /^200 .*data: \{[^\n]*[^\n}]\n\n$/s],
  [{ kind: "error-event", chunks: 2 }, /^200 .*data: \{"error":\{"message".*\[DONE\]\n\n$/s],
  [{ kind: "html", status: 200 }, /^200 <html>/],
  [{ kind: "html", status: 502 }, /^502 <html>/],
  [{ kind: "overflow" }, /^400 .*You passed 32768 input tokens/],
  [{ kind: "unauthorized" }, /^401 \{"error":"Unauthorized"\}$/],
  [{ kind: "not-found" }, /^404 .*does not exist/],
  [{ kind: "server-error" }, /^500 .*EngineCore/],
  [{ kind: "overload", status: 503 }, /^503 /],
  [{ kind: "overload", status: 429 }, /^429 /],
  [{ kind: "empty" }, /^200 (?!.*Parcels)/s],
  [{ kind: "empty-choices" }, /^200 data: \{[^\n]*"choices":\[\]\}\n\ndata: \[DONE\]\n\n$/],
  [{ kind: "null-content" }, /^200 (?!.*Parcels).*"content":null/s],
  [{ kind: "no-role" }, /^200 (?!.*role)/s],
  [{ kind: "cut-in-reasoning" }, /^200 (?!.*\/think).*"finish_reason":"length"/s],
  [{ kind: "huge", bytes: 200_000 }, /^200 data: .{200000}/],
] as const satisfies readonly (readonly [ServerFault, RegExp])[])(
  "goes wrong as told: %j",
  async (fault, expected) => {
    expect(await seen(fault)).toMatch(expected);
  },
);

test.each([
  [{ kind: "stall", chunks: 0 }, /^silence$/],
  [{ kind: "reset-after", chunks: 1 }, /^broken$/],
  [{ kind: "bad-json", chunks: 1 }, /^200 \{.*[^}]$/],
  [{ kind: "error-event", chunks: 1 }, /^500 /],
  [{ kind: "empty-choices" }, /"choices":\[\]/],
  [{ kind: "null-content" }, /"content":null/],
] as const satisfies readonly (readonly [ServerFault, RegExp])[])(
  "goes wrong in a whole answer too: %j",
  async (fault, expected) => {
    expect(await seen(fault, false)).toMatch(expected);
  },
);

test.each([
  [{ kind: "delay-headers", ms: 120 }],
  [{ kind: "delay-first-token", ms: 120 }],
  [{ kind: "delay-chunks", ms: 25 }],
] as const)("waits as told, and then answers: %j", async (fault) => {
  const started = performance.now();

  expect(await seen(fault)).toMatch(/stop.*\[DONE\]/s);

  expect(performance.now() - started).toBeGreaterThan(110);
});

test("repeats one word until the token limit", async () => {
  const { post } = await faulty({ kind: "token-loop" });
  const response = await post(path, chat({ max_tokens: 40 }));

  expect(await response.json()).toMatchObject({
    choices: [{ finish_reason: "length", message: { content: expect.stringMatching(/^(tick tock ?)+/) } }],
    usage: { completion_tokens: 40 },
  });
});

test("streams without end until the client leaves", async () => {
  const { post, simulator } = await faulty({ kind: "endless" });
  const leave = new AbortController();
  const response = await post(path, chat({ stream: true }), leave.signal);
  await response.body?.getReader().read();
  leave.abort();

  await expect.poll(() => simulator.requests()[0]?.ended).toBe("client-left");
});

test("reports usage that is wrong by a factor, and one that the script claims", async () => {
  const usageOf = async ({ post }: Served): Promise<unknown> => (await post(path, chat())).json();

  const honest = (await usageOf(await serve())) as { usage: { completion_tokens: number } };
  const wrong = await faulty({ kind: "wrong-usage", factor: 3 });
  expect(await usageOf(wrong)).toMatchObject({
    usage: { completion_tokens: 3 * honest.usage.completion_tokens },
  });
  const claimed = await serve({
    rules: [{ match: {}, choices: [{ text: "x" }], usage: { prompt: 7, completion: 9 } }],
  });
  expect(await usageOf(claimed)).toMatchObject({ usage: { prompt_tokens: 7, completion_tokens: 9 } });
});

test("comes back after it refused connections, and after a restart", async () => {
  for (const kind of ["refuse", "restart"] as const) {
    const { post, simulator } = await serve({
      rules: [{ match: {}, choices: [{ text: "back" }], faults: [{ fault: { kind, ms: 80 }, times: 1 }] }],
    });
    await post(path, chat()).catch(() => undefined);
    const health = (): Promise<number> =>
      fetch(`${simulator.url}/health`).then(
        ({ status }) => status,
        () => 0,
      );

    expect(await health()).toBe(kind === "refuse" ? 0 : 503);
    await expect.poll(health).toBe(200);
    expect(await (await post(path, chat())).text()).toContain("back");
  }
});

test("is slower by a factor from then on", async () => {
  const rules = [
    {
      match: {},
      choices: [{ text: answer }],
      faults: [{ fault: { kind: "slow", factor: 5 } as const, nth: 2 }],
    },
  ];
  const { post, simulator } = await serve({ rules });
  for (let call = 0; call < 3; call += 1) await (await post(path, chat())).text();

  const [first = 0, second = 0, third = 0] = simulator.simulation.journal
    .entries()
    .map(({ arrivedAt, choices }) => (choices[0]?.endedAt ?? 0) - arrivedAt);
  expect(second / first).toBeGreaterThan(4);
  expect(third / first).toBeGreaterThan(4);
});

test.each([
  ["the first k calls", { times: 2 }, [500, 500, 200, 200]],
  ["the nth call", { nth: 3 }, [200, 200, 500, 200]],
  ["no call at rate 0", { rate: 0 }, [200, 200, 200, 200]],
  ["every call at rate 1", { rate: 1 }, [500, 500, 500, 500]],
])("hits %s", async (_what, when, statuses) => {
  const rules = [
    { match: {}, choices: [{ text: "x" }], faults: [{ fault: { kind: "server-error" } as const, ...when }] },
  ];
  const { post } = await serve({ rules });
  const seenStatuses: number[] = [];
  for (let call = 0; call < 4; call += 1) seenStatuses.push((await post(path, chat())).status);

  expect(seenStatuses).toEqual(statuses);
});

test("takes faults from outside, for a stage or a model, until others come", async () => {
  const { post } = await serve();
  const order = (faults: unknown): Promise<Response> => post("/admin/faults", faults);
  const statusOf = async (): Promise<number> => (await post(path, chat())).status;

  expect((await order([{ fault: { kind: "server-error" }, model: "m" }])).status).toBe(200);
  expect(await statusOf()).toBe(500);
  await order([
    { fault: { kind: "server-error" }, model: "other" },
    { fault: { kind: "reset" }, stage: "critique" },
  ]);
  expect(await statusOf()).toBe(200);
  expect((await order([{ fault: { kind: "explode" } }])).status).toBe(400);
});

test("gives the text of a stream complete in spite of a fault that comes later", async () => {
  const { post } = await faulty({ kind: "end-early", chunks: 1_000 });
  const events = eventsOf(await (await post(path, chat({ stream: true }))).text());

  expect(events.at(-1)).toContain('"finish_reason":"stop"');
});
