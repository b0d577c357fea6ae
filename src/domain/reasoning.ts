/** A model answer in two parts; `text` is empty when the model never finished reasoning. */
export type SplitAnswer = { readonly text: string; readonly reasoning: string };

const opener = "<think>";
const closer = "</think>";

/**
 * Separates what a model thought from what it answers. `field` is what the server already split off
 * (`reasoning` or `reasoning_content`), empty when it splits nothing.
 *
 * The block must come first: a `<think>` further down is part of the answer. A closer without an opener counts,
 * because chat templates may open the block in the prompt. A block that is never closed leaves no answer.
 */
export function splitReasoning(content: string, field = ""): SplitAnswer {
  const body = content.trimStart();
  const opened = body.startsWith(opener);
  const end = body.indexOf(closer);
  if (opened && end === -1) return { text: "", reasoning: joined(field, body.slice(opener.length)) };
  if (end === -1) return { text: content.trim(), reasoning: field.trim() };
  if (!opened && body.slice(0, end).includes(opener)) return { text: body.trim(), reasoning: field.trim() };
  const reasoning = body.slice(opened ? opener.length : 0, end);
  return { text: body.slice(end + closer.length).trim(), reasoning: joined(field, reasoning) };
}

const joined = (field: string, block: string): string =>
  [field.trim(), block.trim()].filter((part) => part !== "").join("\n");
