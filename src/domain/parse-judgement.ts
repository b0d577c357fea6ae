export type Judgement = "yes" | "no" | "unparsable";

/** A judge that rambles inside its tag has not judged. */
const maxJudgement = 400;

/** What a judge may answer, instead of an answer. */
const choice = /^(?:yes (?:or )?no|no (?:or )?yes)$/;

/**
 * What a judge decided: the last `<judgement>` of its answer, as a whole word. Text that starts with the word counts
 * as that word, unless both words are all there is; otherwise exactly one of the two must occur.
 */
export function parseJudgement(answer: string): Judgement {
  const lower = answer.toLowerCase();
  const start = Math.max(lower.lastIndexOf("<judgement>"), lower.lastIndexOf("<judgment>"));
  if (start < 0) return "unparsable";
  const inside = lower.slice(lower.indexOf(">", start) + 1);
  const end = inside.indexOf("</judg");
  const text = end < 0 ? inside : inside.slice(0, end);
  if (text.length > maxJudgement) return "unparsable";
  const words = Array.from(text.matchAll(/[\p{L}\p{N}_']+/gu), ([word]) =>
    word.replaceAll(/^[_']+|[_']+$/g, ""),
  );
  if (choice.test(words.join(" "))) return "unparsable";
  const [first] = words;
  if (first === "yes" || first === "no") return first;
  const [yes, no] = [words.includes("yes"), words.includes("no")];
  if (yes === no) return "unparsable";
  return yes ? "yes" : "no";
}

/** Whether a critique found the patch right: its last `Conclusion: Right|Wrong`; a missing conclusion counts as right. */
export function parseConclusion(answer: string): "right" | "wrong" {
  let conclusion: "right" | "wrong" = "right";
  for (const match of answer.matchAll(/conclusion[^\p{L}\p{N}\n]{1,20}(right|wrong)(?![\p{L}\p{N}_])/giu)) {
    conclusion = match[1]?.toLowerCase() === "wrong" ? "wrong" : "right";
  }
  return conclusion;
}
