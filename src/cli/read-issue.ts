import type { Issue } from "../domain/issue.ts";
import { readOption } from "./read-option.ts";

/** An issue from a text file: its first line is the title (a leading `# ` is dropped), the rest the description. */
export async function readIssueFile(file: string): Promise<Issue> {
  const text = (await readOption("--issue", file)).replace(/^\uFEFF/, "").trimStart();
  const end = text.indexOf("\n");
  const title = (end === -1 ? text : text.slice(0, end)).replace(/^#\s+/, "").trim();
  const body = end === -1 ? "" : text.slice(end + 1).trim();
  return { ref: { repo: { owner: "local", name: "repository" }, number: 0 }, title, body, author: "local" };
}
