import type { ServerResponse } from "node:http";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Completion } from "../../../src/domain/transcript.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { InferenceClient, SampleOutcome } from "../../../src/ports/inference-client.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import type { DialectName } from "../../../src/simulator/http/dialect.ts";
import { startSimulator } from "../../../src/simulator/http/simulator.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { askAll, neighbours, textOf } from "./group-call.ts";
import { localClient } from "./local-client.ts";
import { startServer, takesGroups } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";
import { mutated, mutations } from "./stream-mutations.ts";

const wanted = 10_000;
const groupSize = 3;
const dialects: readonly DialectName[] = ["vllm", "sglang", "llamacpp", "ollama"];

/** A thousand times as fast, so that waiting for a server that was left alone costs nothing. */
const hurried: Clock = {
  now: () => performance.now() * 1_000,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
};

const recorded: string[][] = [];
let server: RawServer;
let serve: (response: ServerResponse) => void = () => undefined;
beforeAll(async () => {
  for (const dialect of dialects) recorded.push(await recordedStream(dialect));
  server = await startServer([(response) => serve(response)], { probe: takesGroups });
});
afterAll(() => server.stop());

/** What a server of this dialect sends for three choices. */
async function recordedStream(dialect: DialectName): Promise<string[]> {
  const text = (choice: number): string => `<think>\nà cause de 漢字 🧪\n</think>\n\nanswer ${choice}`;
  const script = scriptOfRules([{ match: {}, choices: [{ text: (_call, choice) => text(choice) }] }]);
  const models = { m: { engine: h100Bf16 } };
  const simulator = await startSimulator({ dialect, models, script, timeScale: 0, streamInterval: 6 });
  const body = {
    model: "m",
    n: groupSize,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "What is wrong?" }],
  };
  const response = await fetch(`${simulator.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  const events = (await response.text()).split("\n\n").filter((event) => event !== "");
  await simulator.stop();
  return events.map((event) => event.slice("data: ".length));
}

const impatientClient = (): InferenceClient =>
  localClient(server.url, null, {
    clock: hurried,
    timeouts: {
      headersMs: 5_000,
      firstTokenMs: 60,
      betweenChunksMs: 60,
      totalMs: 100_000_000,
      awayMs: 100_000_000,
    },
    retries: { count: 2, baseMs: 0, capMs: 0, retryAfterCapMs: 0, floor: 1_000_000 },
  });

function send(response: ServerResponse, bytes: Buffer, ending: "end" | "stall" | "reset"): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (ending === "end") return void response.end(bytes);
  response.write(bytes, () => {
    if (ending === "reset") response.destroy();
  });
}

test.each(dialects.map((dialect, at) => [dialect, at] as const))(
  "reads the recorded stream of %s",
  async (dialect, at) => {
    serve = (response) => send(response, mutated(recorded[at] ?? [], []).bytes, "end");
    const outcomes = await askAll(impatientClient(), neighbours(groupSize));

    const answers = outcomes.map(textOf);
    const alone = dialect === "ollama";
    expect(answers).toEqual(
      alone ? ["answer 0", "answer 0", "answer 0"] : ["answer 0", "answer 1", "answer 2"],
    );
  },
);

test(
  `gives every sample exactly one outcome for each of ${wanted} damaged streams`,
  { timeout: 120_000 },
  async () => {
    const damages = fc.sample(mutations, wanted);
    const reasons = new Map<string, number>();
    const troubles: string[] = [];
    let served = 0;
    let cases = 0;
    serve = (response) => {
      const stream = recorded[served % recorded.length] ?? [];
      const { bytes, ending } = mutated(stream, damages[served % wanted] ?? []);
      served += 1;
      send(response, bytes, ending);
    };
    const isOver = (): boolean => served >= wanted;

    const work = async (): Promise<void> => {
      // A client that was told of a server without groups asks singly from then on; so each serves only a few cases.
      let client = impatientClient();
      for (let turn = 1; !isOver(); turn += 1) {
        if (turn % 20 === 0) client = impatientClient();
        cases += 1;
        const where = `case ${cases}, from stream ${served} on`;
        const outcomes = await askAll(client, neighbours(groupSize, { run: `run ${cases}` }));
        for (const outcome of outcomes) {
          const kind = outcome.kind === "failed" ? outcome.failure.reason : "answered";
          reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
          const trouble = troubleWith(outcome);
          if (trouble !== null) troubles.push(`${where}: ${trouble}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, work));

    expect(troubles).toEqual([]);
    expect([...reasons.values()].reduce((sum, count) => sum + count, 0)).toBe(cases * groupSize);
    const usual = ["answered", "transport", "protocol", "server", "overflow"];
    expect(usual.filter((reason) => (reasons.get(reason) ?? 0) < 10)).toEqual([]);
  },
);

/** What is wrong with an outcome, null when it can be believed. */
function troubleWith(outcome: SampleOutcome): string | null {
  if (outcome.kind === "failed") {
    const { detail } = outcome.failure;
    return detail === "" || /\p{Cc}/u.test(detail) ? `detail ${JSON.stringify(detail)}` : null;
  }
  const { success, data } = Completion.safeParse(outcome.completion);
  if (!success) return JSON.stringify(outcome.completion);
  const counts = [data.usage.prompt, data.usage.completion];
  return counts.every((count) => Number.isSafeInteger(count) && count >= 0)
    ? null
    : JSON.stringify(data.usage);
}
