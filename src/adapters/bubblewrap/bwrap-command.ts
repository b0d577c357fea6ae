import { shellQuote } from "../../driver/shell-quote.ts";
import { closedAncestor } from "./closed-ancestor.ts";

const nobody = 65_534;

/**
 * The whole command line. Root would keep its rights to root's files inside, so it becomes nobody first; an
 * interpreter in root's closed home is made visible to nobody before that, in a mount name space of its own.
 * Every step becomes (exec) the next, so that killing the one process ends everything.
 */
export function bwrapCommand(job: readonly string[], python: readonly string[], asRoot: boolean): string[] {
  const plain = ["bwrap", ...job];
  if (!asRoot) return plain;
  const demoted = [
    "setpriv",
    `--reuid=${nobody}`,
    `--regid=${nobody}`,
    "--clear-groups",
    "--inh-caps=-all",
    ...plain,
  ];
  const script = openFolders(python);
  return script === null ? demoted : ["unshare", "--mount", "sh", "-c", script, "sh", ...demoted];
}

/** Puts empty folders over the closed ones, with nothing but the interpreter in them; null when none is closed. */
function openFolders(prefixes: readonly string[]): string | null {
  const closed = [...new Set(prefixes.flatMap((prefix) => closedAncestor(prefix) ?? []))];
  if (closed.length === 0) return null;
  const mount = "mount -t tmpfs -o mode=0755,size=1m none";
  return [
    "set -e; umask 022",
    `${mount} /tmp`,
    ...prefixes.map(
      (prefix, index) => `mkdir /tmp/${index}; mount --bind ${shellQuote(prefix)} /tmp/${index}`,
    ),
    ...closed.map((folder) => `${mount} ${shellQuote(folder)}`),
    ...prefixes.map((prefix, index) => {
      const target = shellQuote(prefix);
      return `mkdir -p ${target}; mount --bind /tmp/${index} ${target}`;
    }),
    'exec "$@"',
  ].join("\n");
}
