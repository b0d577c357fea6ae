import { afterAll, describe, expect, test } from "vitest";

export type Peer = { readonly url: string; stop(): Promise<void> };

const hi = { messages: [{ role: "user", content: "hi" }] };
const wholeAnswer = /^<think>\nThe report names one file\.\n<\/think>\n\n(Yes, fixed\. |No, broken! )$/;

/** What the real llama-server does, as observed; the simulator's dialect `llamacpp` must do the same. */
export function llamaPeerSuite(name: string, peer: Peer): void {
  const call = (path: string, body: unknown = null, key = "k", signal?: AbortSignal): Promise<Response> =>
    fetch(`${peer.url}${path}`, {
      method: body === null ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === null ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  const chat = (fields: object = {}): Promise<Response> => call("/v1/chat/completions", { ...hi, ...fields });
  const jsonOf = async (response: Promise<Response>) => (await response).json() as Promise<Completion>;
  const metric = async (metricName: string): Promise<number> => {
    const text = await (await call("/metrics")).text();
    return Number(new RegExp(`^llamacpp:${metricName} (\\S+)$`, "m").exec(text)?.[1]);
  };

  describe(`${name} as a peer`, () => {
    afterAll(() => peer.stop());

    test("is healthy without a key", async () => {
      const response = await call("/health", null, "wrong");

      expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    });

    test.each([
      ["a wrong key", () => call("/v1/chat/completions", hi, "wrong"), 401, "authentication_error"],
      ["an unknown path", () => call("/nope"), 404, "not_found_error"],
      ["a body that is not JSON", () => call("/v1/chat/completions", "{"), 400, "invalid_request_error"],
      ["a chat without messages", () => call("/v1/chat/completions", {}), 400, "invalid_request_error"],
      ["more choices than slots", () => chat({ n: 9 }), 400, "invalid_request_error"],
    ])("refuses %s", async (_what, ask, status, type) => {
      const response = await ask();

      expect([response.status, await response.json()]).toMatchObject([
        status,
        { error: { type, code: status } },
      ]);
    });

    test("says how many choices it could give", async () => {
      expect(await jsonOf(chat({ n: 9 }))).toMatchObject({
        error: { message: "Field 'n': Value must be between 1 <= value <= 4, but got 9" },
      });
    });

    test("ignores the model's name and leaves the reasoning in the content", async () => {
      const answer = await jsonOf(chat({ model: "gpt-9" }));

      expect(answer).toMatchObject({
        object: "chat.completion",
        choices: [{ index: 0, finish_reason: "stop" }],
      });
      expect(answer.choices[0]?.message?.content).toMatch(wholeAnswer);
    });

    test("gives n choices and counts the tokens of one", async () => {
      const one = await jsonOf(chat());
      const three = await jsonOf(chat({ n: 3 }));

      expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(three.usage?.completion_tokens).toBe(one.usage?.completion_tokens);
      expect(three.usage?.prompt_tokens).toBe(one.usage?.prompt_tokens);
    });

    test("gives the same choices for the same seed, and others besides", async () => {
      const said = async (): Promise<readonly (string | null | undefined)[]> =>
        (await jsonOf(chat({ n: 4, seed: 5 }))).choices.map(({ message }) => message?.content);

      expect(await said()).toEqual(await said());
      const seeds = await Promise.all(
        Array.from(
          { length: 12 },
          async (_, seed) => (await jsonOf(chat({ seed }))).choices[0]?.message?.content,
        ),
      );
      expect(new Set(seeds).size).toBe(2);
    });

    test("stops at the token limit", async () => {
      expect(await jsonOf(chat({ max_tokens: 4 }))).toMatchObject({
        choices: [{ finish_reason: "length" }],
        usage: { completion_tokens: 4 },
      });
    });

    test("cuts at a stop string without giving it", async () => {
      const answer = await jsonOf(chat({ stop: ["names"] }));

      expect(answer.choices[0]).toMatchObject({
        finish_reason: "stop",
        message: { content: "<think>\nThe report " },
      });
    });

    test("streams choices interleaved, each with a role, a finish and a usage of its own", async () => {
      const body = { n: 2, stream: true, stream_options: { include_usage: true } };
      const chunks = eventsOf(await (await chat(body)).text());

      expect(chunks.at(-1)).toBe("[DONE]");
      const parsed = chunks.slice(0, -1).map((chunk) => JSON.parse(chunk) as Completion);
      for (const index of [0, 1]) {
        const own = parsed.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
        expect(own[0]?.delta).toEqual({ role: "assistant", content: null });
        expect(own.at(-1)).toMatchObject({ delta: {}, finish_reason: "stop" });
        expect(own.map(({ delta }) => delta?.content ?? "").join("")).toMatch(wholeAnswer);
      }
      expect(parsed.filter(({ usage }) => usage)).toMatchObject([{ choices: [] }, { choices: [] }]);
      const usual = await jsonOf(chat());
      expect(parsed.findLast(({ usage }) => usage)?.usage?.completion_tokens).toBe(
        usual.usage?.completion_tokens,
      );
    });

    test.each([false, true])(
      "refuses a prompt beyond its slot with both sizes (stream: %s)",
      async (stream) => {
        const response = await chat({ stream, messages: [{ role: "user", content: "x".repeat(9_000) }] });

        expect(response.status).toBe(400);
        const { error } = (await response.json()) as Completion;
        expect(error).toMatchObject({ code: 400, type: "exceed_context_size_error", n_ctx: 1_024 });
        expect(error?.n_prompt_tokens).toBeGreaterThan(1_024);
        expect(error?.message).toBe(
          `request (${error?.n_prompt_tokens} tokens) exceeds the available context size (1024 tokens), try increasing it`,
        );
      },
    );

    test("serves a prompt that fits although the answer may not, until the slot is full", async () => {
      const response = await call("/v1/completions", { prompt: "~", max_tokens: 5_000 });

      expect(response.status).toBe(200);
      const answer = (await response.json()) as Completion;
      expect(answer).toMatchObject({ object: "text_completion", choices: [{ finish_reason: "length" }] });
      expect(answer.usage?.completion_tokens).toBeGreaterThan(900);
      expect(answer.usage?.completion_tokens).toBeLessThanOrEqual(1_024);
    });

    test("lets requests wait when its slots are taken", async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => jsonOf(chat())));

      expect(answers.every(({ choices }) => wholeAnswer.test(choices[0]?.message?.content ?? ""))).toBe(true);
    });

    test("says how much of a prompt it had in its cache", async () => {
      const messages = [{ role: "user", content: "a long prompt that comes twice ".repeat(20) }];
      await jsonOf(chat({ messages }));

      const { usage } = await jsonOf(chat({ messages }));

      expect(usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(100);
    });

    test("frees the slot of a client that leaves its stream", async () => {
      const before = await metric("tokens_predicted_total");
      const leave = new AbortController();
      const response = await call("/v1/completions", { prompt: "~", stream: true }, "k", leave.signal);
      await response.body?.getReader().read();
      leave.abort();

      await expect.poll(() => metric("requests_processing"), { timeout: 10_000 }).toBe(0);
      expect((await metric("tokens_predicted_total")) - before).toBeLessThan(900);
    });

    test("lists its model and splits text into tokens", async () => {
      expect(await (await call("/v1/models")).json()).toMatchObject({
        object: "list",
        data: [{ object: "model" }],
      });
      const { tokens } = (await (await call("/tokenize", { content: "hello world" })).json()) as {
        tokens: number[];
      };
      expect(tokens.length).toBeGreaterThan(1);
    });
  });
}

const eventsOf = (text: string): readonly string[] =>
  text
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice("data: ".length));

/** What is looked at in answers of either kind. */
type Completion = {
  readonly choices: readonly {
    readonly index: number;
    readonly finish_reason: string | null;
    readonly message?: { readonly content: string | null };
    readonly delta?: { readonly content?: string | null };
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details?: { readonly cached_tokens: number };
  };
  readonly error?: { readonly message: string; readonly n_prompt_tokens: number };
};
