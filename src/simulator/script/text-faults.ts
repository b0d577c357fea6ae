import { fillerText, tokenCount, tokenEnd } from "../engine/tokens.ts";
import type { ServerFault } from "./faults.ts";
import type { ScriptedAnswer } from "./script.ts";

/** What is left of an answer after the faults that change its words; `limit` is the token limit of the call. */
export const withTextFaults = (
  answer: ScriptedAnswer,
  faults: readonly ServerFault[],
  limit: number,
): ScriptedAnswer => faults.reduce((changed, fault) => withTextFault(changed, fault, limit), answer);

function withTextFault(answer: ScriptedAnswer, fault: ServerFault, limit: number): ScriptedAnswer {
  if (fault.kind === "empty") return { ...answer, text: "" };
  if (fault.kind === "token-loop") return { text: fillerText(limit, "tick tock"), finish: "length" };
  if (fault.kind !== "cut-in-reasoning") return answer;
  const end = answer.text.indexOf("</think>");
  const reasoning = end === -1 ? `<think>\n${answer.text}` : answer.text.slice(0, end);
  const kept = Math.max(1, Math.min(limit, tokenCount(reasoning) - 1));
  return { text: reasoning.slice(0, tokenEnd(reasoning, kept)), finish: "length" };
}
