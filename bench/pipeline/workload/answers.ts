import { padWithReasoning } from "../../../src/simulator/script/length.ts";
import type { Script, ScriptCall } from "../../../src/simulator/script/script.ts";
import { nameOf, type Draws } from "./draws.ts";
import { amountIn, faultyLine, patchedLine, suspectFunctions, suspects } from "./repository.ts";

/** Whether equal patches of two samples are equal texts as well, or each is one of a kind. */
export type Distinctness = "as-drawn" | "each-its-own";

/** Which amount stands for a patch in the text: the number of the patch, and of the sample where each is one of a kind. */
const amountOf = (patch: number, index: number, distinct: Distinctness): number =>
  patch + 1 + (distinct === "each-its-own" ? 100 * (index + 1) : 0);

export const patchOf = (amount: number): number => (amount - 1) % 100;

/**
 * The models of all issues. What an answer says and how long it is depends on its issue, stage and sample, of judges and
 * critiques on what they are asked about: not on the schedule, the server or the seed.
 */
export function scriptOf(drawsOf: (issue: number) => Draws, distinct: Distinctness): Script {
  return {
    reply(call) {
      const { sample } = call;
      const issue = issueOf(call);
      if (sample === null || issue === null) return null;
      const draws = drawsOf(issue);
      return {
        answer(choice) {
          const one = { ...sample, index: sample.index + choice };
          const what = aboutOf(call, `${one.index}/${one.attempt}`);
          const text = textOf(call, draws, one, distinct);
          const tokens = draws.tokens(one.stage, what);
          const flavour = nameOf(`${issue} ${one.stage} ${what}`).slice(0, 8);
          return { text: padWithReasoning(text, tokens, flavour), finish: "stop" };
        },
        isCut: true,
        usage: null,
        faults: [],
        faultKey: sample.stage,
      };
    },
    missing: () => ({ message: "the call has no name or no issue", status: 500 }),
  };
}

/** First words of every problem statement. */
export const titleOf = (issue: number): string => `Issue #${issue}: the rates are wrong`;

function issueOf({ messages }: ScriptCall): number | null {
  const [first] = messages.filter(({ role }) => role === "user");
  const found = /Issue #(\d+): /.exec(first?.content ?? "")?.[1];
  return found === undefined ? null : Number(found);
}

/** By what an answer's draws are named. */
function aboutOf({ sample, messages }: ScriptCall, name: string): string {
  if (sample?.stage === "critique") return String(amountIn(messages[1]?.content ?? ""));
  return sample?.stage.startsWith("judge-") ? nameOf(messages[0]?.content ?? "") : name;
}

function textOf(
  { messages }: ScriptCall,
  draws: Draws,
  { stage, index, attempt }: { readonly stage: string; readonly index: number; readonly attempt: number },
  distinct: Distinctness,
): string {
  switch (stage) {
    case "localize-files":
      return `\`\`\`\n${suspects.join("\n")}\n\`\`\``;
    case "localize-lines":
      return `\`\`\`\n${suspects.map(named).join("\n\n")}\n\`\`\``;
    case "critique": {
      const patch = patchOf(amountIn(messages[1]?.content ?? "") ?? 1);
      const correction = draws.correction(patch);
      if (correction === null) return "It treats the root cause.\nConclusion: Right";
      return `${editOf(correction + 1, "")}\nConclusion: Wrong`;
    }
    case "poc-asserting":
    case "poc-printing": {
      const chain = `${stage === "poc-asserting" ? "asserting" : "printing"}-${index + 1}`;
      return `\`\`\`python\n${pocSource(chain, attempt, draws.tries(chain) === attempt + 1)}\`\`\``;
    }
    case "judge-poc":
      return `<judgement>${messages[0]?.content.includes(shownMark) ? "Yes" : "No"}</judgement>`;
    case "judge-fix":
      return `<judgement>${messages[0]?.content.includes(rightMark) ? "Yes" : "No"}</judgement>`;
    default: {
      const patch = draws.patch(`${stage === "generate" ? "" : stage}${index}/${attempt}`);
      // Some say the same in other words.
      return editOf(amountOf(patch, index, distinct), index % 3 === 0 ? "  # as the issue wants" : "");
    }
  }
}

const named = (path: string): string =>
  [path, ...suspectFunctions.map((name) => `function: ${name}`)].join("\n");

const editOf = (amount: number, comment: string): string =>
  [
    `<<< MODIFIED FILE: ${suspects[0]} >>>`,
    "```python",
    "<<<<<<< SEARCH",
    faultyLine,
    "=======",
    patchedLine(amount) + comment,
    ">>>>>>> REPLACE",
    "```",
    "<<< END MODIFIED FILE >>>",
  ].join("\n");

/** In what a script prints when it shows the issue, and when the patch under it is right. */
export const shownMark = "[the wrong rate shows]";
export const rightMark = "[the rate is as it should be]";

/** What scripts say about themselves, for whoever plays the sandbox. */
export const pocMark = (chain: string, shows: boolean): string =>
  `# ${chain} ${shows ? "shows it" : "misses"}`;

const pocSource = (chain: string, attempt: number, shows: boolean): string =>
  `${pocMark(chain, shows)}, try ${attempt}
from shipping.section_00.rates_step_00 import step_04
${Array.from({ length: 26 }, (_, at) => `print("case ${at} of ${chain}:", step_04(order_${at}, {"rate": ${at}}))`).join("\n")}
`;
