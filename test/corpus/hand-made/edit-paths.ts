import type { EditReading, Entry } from "../entry.ts";
import { block, edit, lines, usual, usualEdit, usualReading } from "../reply.ts";

const { path } = usual;
const spelled = (name: string, written: string): Entry<EditReading> => ({
  name: `the path ${name}`,
  reply: block(written, usualEdit),
  reading: usualReading,
});
const refused = (name: string, written: string): Entry<EditReading> => ({
  name: `the path ${name}`,
  reply: block(written, edit("", "import os")),
  reading: "unsafe-path",
});

/** Replies that spell the path in odd ways, name files that are not there, or lead out of the repository. */
export const editPaths: readonly Entry<EditReading>[] = [
  spelled("in backquotes", `\`${path}\``),
  spelled("in double quotes", `"${path}"`),
  spelled("in bold", `**${path}**`),
  spelled("in angle brackets", `<${path}>`),
  spelled("with ./", `./${path}`),
  spelled("with a/ as in a diff", `a/${path}`),
  spelled("with b/ as in a diff", `b/${path}`),
  spelled("with blanks around it", `   ${path}  `),
  spelled("in backquotes, with a/", `\`a/${path}\``),
  {
    name: "a file at the root",
    reply: block("setup.py", edit("VERSION = 1", "VERSION = 2")),
    reading: [["setup.py", "VERSION = 1", "VERSION = 2"]],
  },
  {
    name: "a file that is not there",
    reply: block("shop/price.py", usualEdit),
    reading: "unknown-file",
  },
  {
    name: "a file of this name in another folder",
    reply: block("parcel.py", usualEdit),
    reading: "unknown-file",
  },
  {
    name: "lines behind the path",
    reply: block(`${path} (lines 12-13)`, usualEdit),
    reading: "unknown-file",
  },
  {
    name: "a new file",
    reply: block("shop/zones.py", edit("", "ZONES = 3")),
    reading: [["shop/zones.py", null, "ZONES = 3\n"]],
  },
  {
    name: "a new file whose SEARCH side is a blank line",
    reply: block("shop/zones.py", lines("<<<<<<< SEARCH", "", "=======", "ZONES = 3", ">>>>>>> REPLACE")),
    reading: [["shop/zones.py", null, "ZONES = 3\n"]],
  },
  {
    name: "an empty file that gets its first lines",
    reply: block("shop/__init__.py", edit("", "from shop.parcel import Parcel")),
    reading: [["shop/__init__.py", null, "from shop.parcel import Parcel\n"]],
  },
  {
    name: "an empty SEARCH side for a file that has lines",
    reply: block(path, edit("", "import os")),
    reading: "malformed-edit",
  },
  refused("that climbs out", "../outside.py"),
  refused("that climbs out on its way", "shop/../../outside.py"),
  refused("from the root of the disk", "/etc/cron.d/job"),
  refused("of a Windows disk", "C:\\autoexec.bat"),
  refused("into .git", ".git/hooks/pre-commit"),
  refused("into .git in other letters", "shop/.GIT/config"),
  refused("with an invisible character", "shop/par\u200bcel.py"),
  refused("that looks like an option", "--output=x.py"),
  { name: "an empty path", reply: block("``", edit("", "import os")), reading: "malformed-edit" },
  {
    name: "a good edit beside one that climbs out",
    reply: lines(block(path, usualEdit), block("../evil.py", edit("", "import os"))),
    reading: "unsafe-path",
  },
];
