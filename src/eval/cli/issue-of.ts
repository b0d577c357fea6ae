import type { Issue } from "../../domain/issue.ts";
import type { Question } from "../suite/case.ts";

/** The issue as a forge would hand it over: the first line of its text is the title. */
export function issueOf({ repository, issueText }: Question): Issue {
  const [owner = "", name = ""] = repository.split("/");
  const text = issueText.trim();
  const end = text.indexOf("\n");
  return {
    ref: { repo: { owner, name }, number: 0 },
    title: end === -1 ? text : text.slice(0, end),
    body: end === -1 ? text : text.slice(end + 1),
    author: owner,
  };
}
