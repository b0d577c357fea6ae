import type { Entry, Script } from "../entry.ts";
import { fenced, lines } from "../reply.ts";

const source = "from shop.parcel import Parcel\n\nassert Parcel(0).price() == 6\n";
const body = source.trimEnd();
const draft = fenced("assert False", "python");
const read = (name: string, reply: string, finish?: "length"): Entry<Script> => ({
  name,
  reply,
  reading: source,
  ...(finish === undefined ? {} : { finish }),
});
const none = (name: string, reply: string, finish?: "length"): Entry<Script> => ({
  ...read(name, reply, finish),
  reading: null,
});

/** Replies to the question for a script that shows the issue. */
export const scriptReplies: readonly Entry<Script>[] = [
  read("the format that was asked for", fenced(body, "python")),
  read("the tag `py`", fenced(body, "py")),
  read("the tag in capitals", fenced(body, "Python")),
  read("a tag with a file name", fenced(body, "python title=poc.py")),
  read("no tag", fenced(body)),
  read("tildes", lines("~~~python", body, "~~~")),
  read("a fence that is never closed", lines("```python", body)),
  read("an indented fence", lines("  ```python", body, "  ```")),
  read("CRLF line ends", fenced(body, "python").replaceAll("\n", "\r\n")),
  read("a draft while thinking", `<think>\n${draft}\n</think>\n${fenced(body, "python")}`),
  read("a draft, then a better script", lines(draft, "It proves nothing. Rather:", fenced(body, "python"))),
  read("its output in a bare block", lines(fenced(body, "python"), "prints", fenced("AssertionError"))),
  read("how to run it", lines(fenced(body, "python"), fenced("python poc.py", "bash"))),
  read(
    "a whole script, then one that the token limit cut off",
    lines(fenced(body, "python"), "```python", "ass"),
    "length",
  ),
  none("a script that the token limit cut off", lines("```python", body), "length"),
  none("a draft while thinking and nothing after it", `<think>\n${draft}\n</think>\nIt fails.`),
  none("thinking that never ends", `<think>\n${draft}`),
  none("a script without a fence", body),
  none("a shell script", fenced("python -c 'assert False'", "bash")),
  none("an empty block", fenced("", "python")),
  none("nothing", ""),
  none("a refusal", "I cannot reproduce this without the database."),
];
