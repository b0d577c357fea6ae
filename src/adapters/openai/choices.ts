import type { SplitAnswer } from "../../domain/reasoning.ts";
import type { Usage } from "../../domain/transcript.ts";
import { createAnswer } from "./answer.ts";
import type { Answer, Chunk } from "./answer.ts";
import type { StageEstimate } from "./token-estimates.ts";
import { createUsageLedger } from "./usage-ledger.ts";

/** How one choice of a request ended. Choices that the stream left unfinished have no such end, unless they are left. */
export type ChoiceEnd =
  | {
      readonly kind: "answered";
      readonly answer: SplitAnswer;
      readonly finish: "stop" | "length";
      readonly usage: Usage;
      /** Tokens of the whole prompt as the server counted them, null while it has not. */
      readonly prompt: number | null;
      /** Model as the server names it. */
      readonly model: string | null;
    }
  | { readonly kind: "too-long"; readonly detail: string }
  /** Nobody waits for it any more; its end may come all the same. */
  | { readonly kind: "left"; readonly usage: Usage };

/** The choices of one streamed request, told apart by their index. */
export type Choices = {
  add(chunk: Chunk): void;
  /** From now on nothing is waited for: what is complete ends at once. */
  hurry(): void;
  /** Tells of the choices that are being written what they have cost. */
  leave(): void;
  /** Choices that still want words. */
  open(): number;
  /** Choices of which no word has come. */
  unseen(): number;
  /** Whether one ended although the server goes on with it. */
  overran(): boolean;
  /** The reason why the server gave one up, null when it did not. */
  givenUp(): string | null;
};

type Choice = {
  readonly answer: Answer;
  state: "unseen" | "open" | "finished" | "given-up" | "ended";
  finish: string;
};

/** Longest token of the vocabularies in use, in characters, with room to spare. */
const charactersPerToken = 16;
/** Servers that count the tokens of a choice say so right after its end. */
const usageGraceMs = 500;

const givenUpFinishes: ReadonlySet<string> = new Set(["abort", "error", "content_filter"]);

/** `onEnd` hears of each choice as it ends. */
export function createChoices(
  asked: {
    readonly count: number;
    readonly maxTokens: number;
    readonly estimatedPrompt: () => number;
    readonly estimate: StageEstimate;
  },
  onEnd: (position: number, end: ChoiceEnd) => void,
): Choices {
  const choices: Choice[] = Array.from({ length: asked.count }, () => ({
    answer: createAnswer(),
    state: "unseen",
    finish: "",
  }));
  const ledger = createUsageLedger(asked.count, asked.estimatedPrompt, asked.estimate);
  const finished: number[] = [];
  let model: string | null = null;
  let overran = false;
  let hurried = false;
  let countsEach = false;
  let timer: NodeJS.Timeout | null = null;

  const countOf = (...states: readonly Choice["state"][]): number =>
    choices.filter(({ state }) => states.includes(state)).length;
  const open = (): number => countOf("unseen", "open");

  function conclude(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const position of finished.splice(0)) {
      const choice = choices[position];
      if (choice === undefined) continue;
      choice.state = "ended";
      const usage = ledger.shareOf(position, choice.answer.whole());
      const finish = choice.finish === "length" ? "length" : "stop";
      const prompt = ledger.prompt();
      onEnd(position, { kind: "answered", answer: choice.answer.split(), finish, usage, prompt, model });
    }
  }

  function noteUsage({ usage, choices: given }: Chunk): void {
    if (!usage) return;
    const [single, ...others] = given ?? [];
    if (single !== undefined) return ledger.note(usage, others.length === 0 ? (single.index ?? 0) : null);
    // While others go on, a count without a choice is that of the one that has just ended, as llama-server does it.
    countsEach ||= finished.length === 1 && open() > 0;
    ledger.note(usage, countsEach ? (finished[0] ?? null) : null);
  }

  function addTo(position: number, given: NonNullable<Chunk["choices"]>[number]): void {
    const choice = choices[position];
    if (choice === undefined || (choice.state !== "unseen" && choice.state !== "open")) return;
    choice.state = "open";
    if (given.delta) choice.answer.add(given.delta);
    const detail = tooLong(choice.answer, asked.maxTokens);
    if (detail !== null) {
      choice.state = "ended";
      overran ||= !given.finish_reason;
      ledger.shareOf(position, choice.answer.whole());
      onEnd(position, { kind: "too-long", detail });
    } else if (given.finish_reason) {
      choice.finish = given.finish_reason;
      choice.state = givenUpFinishes.has(choice.finish) ? "given-up" : "finished";
      if (choice.state === "finished") finished.push(position);
    }
  }

  return {
    add(chunk) {
      model = chunk.model ?? model;
      noteUsage(chunk);
      conclude();
      for (const given of chunk.choices ?? []) addTo(given.index ?? 0, given);
      if (finished.length === 0) return;
      if (hurried || chunk.usage) conclude();
      else timer = setTimeout(conclude, usageGraceMs);
    },
    hurry() {
      hurried = true;
      conclude();
    },
    leave() {
      for (const [position, { state, answer }] of choices.entries()) {
        if (state === "open")
          onEnd(position, { kind: "left", usage: ledger.soFar(position, answer.whole()) });
      }
    },
    open,
    unseen: () => countOf("unseen"),
    overran: () => overran,
    givenUp: () => choices.find(({ state }) => state === "given-up")?.finish ?? null,
  };
}

function tooLong(answer: Answer, maxTokens: number): string | null {
  const loop = answer.loop();
  if (loop !== null) return `the answer repeats ${JSON.stringify(loop.slice(0, 40))} without end`;
  return answer.size() > maxTokens * charactersPerToken ? "the answer went on beyond its token limit" : null;
}
