import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { GenerationCall } from "../generation.ts";
import { promptSha, type Rule } from "../script/rules.ts";
import type { ScriptedReply } from "../script/script.ts";

export type RecordOptions = {
  /** Base URL of a real server, with `/v1`. */
  readonly upstream: string;
  readonly apiKey?: string;
  /** Gets each new rule; a script file is `{ "rules": [...] }`. */
  save(rule: Rule): void;
};

const Answers = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

/** Asks the real server once for each call without a rule, and keeps what it said by the prompt's hash. */
export const recorder =
  (options: RecordOptions) =>
  async (call: GenerationCall): Promise<ScriptedReply> => {
    const { model, messages, n, maxTokens, temperature, seed } = call;
    const key = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
    const response = await fetch(`${options.upstream}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...key },
      body: JSON.stringify({
        model,
        messages,
        n,
        temperature,
        ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
        ...(seed === null ? {} : { seed }),
      }),
    });
    if (!response.ok) {
      throw new RepairError("inference-unreachable", `the recorded server said ${response.status}`);
    }
    const choices = Answers.parse(await response.json()).choices.map(({ message, finish_reason }) => ({
      text: message.content ?? "",
      finish: finish_reason === "length" ? ("length" as const) : ("stop" as const),
    }));
    const sha = promptSha(messages);
    options.save({ match: { model, sha }, choices });
    const [first = { text: "", finish: "stop" as const }] = choices;
    return {
      answer: (choice) => choices[choice] ?? first,
      isCut: true,
      usage: null,
      faults: [],
      faultKey: sha,
    };
  };
