import { existsSync, statSync } from "node:fs";
import { shellQuote } from "../../driver/shell-quote.ts";
import { closedAncestor } from "./closed-ancestor.ts";

const nobody = 65_534;

export type CommandParts = {
  /** Arguments of bwrap. */
  readonly arguments: readonly string[];
  /** Files and folders of the host that bwrap shows inside. */
  readonly shown: readonly string[];
  /** Shell that runs first, with the rights of the bot. */
  readonly enter: string;
  readonly asRoot: boolean;
};

/**
 * The whole command line. Root would keep its rights to root's files inside, so it becomes nobody first; what is shown
 * and lies in a folder closed to nobody is made visible before that, in a mount name space of its own.
 * Every step becomes (exec) the next, so that killing the one process ends everything.
 */
export function bwrapCommand(parts: CommandParts): string[] {
  // the kernel, when it runs out of memory, shall end a sandbox and not the bot
  const enter = ["set -e; umask 022", "echo 500 >/proc/self/oom_score_adj", parts.enter];
  const plain = ["bwrap", ...parts.arguments];
  if (!parts.asRoot) return ["sh", "-c", [...enter, 'exec "$@"'].join("\n"), "sh", ...plain];
  const opening = openFolders(parts.shown);
  const script = [...enter, ...opening, 'exec "$@"'].join("\n");
  const demoted = [
    "setpriv",
    `--reuid=${nobody}`,
    `--regid=${nobody}`,
    "--clear-groups",
    "--inh-caps=-all",
    ...plain,
  ];
  const shell = ["sh", "-c", script, "sh", ...demoted];
  return opening.length === 0 ? shell : ["unshare", "--mount", ...shell];
}

/** Puts empty folders over the closed ones, with nothing but what is shown in them; nothing when none is closed. */
function openFolders(shown: readonly string[]): string[] {
  const closed = [...new Set(shown.flatMap((path) => closedAncestor(path) ?? []))];
  if (closed.length === 0) return [];
  const mount = "mount -t tmpfs -o mode=0755,size=1m none";
  const hidden = shown.filter((path) => closed.some((folder) => path.startsWith(`${folder}/`)));
  const aside = stage(hidden);
  return [
    `${mount} ${aside}`,
    ...hidden.map(
      (path, index) =>
        `${makeLike(path, `${aside}/${index}`)}; mount --bind ${shellQuote(path)} ${aside}/${index}`,
    ),
    ...closed.map((folder) => `${mount} ${shellQuote(folder)}`),
    ...hidden.map((path, index) => {
      const target = shellQuote(path);
      return `${makeLike(path, target)}; mount --bind ${aside}/${index} ${target}`;
    }),
  ];
}

/**
 * Shell that makes something empty at `word` on which `path` can be mounted: folders on folders, files on files. A file that
 * is there lies in a folder of the host that was mounted before, so it must not be written.
 */
const makeLike = (path: string, word: string): string =>
  statSync(path).isDirectory()
    ? `mkdir -p ${word}`
    : `[ -e ${word} ] || { mkdir -p "$(dirname ${word})"; : >${word}; }`;

/** A folder of every system in which nothing lies that is still needed. */
function stage(needed: readonly string[]): string {
  const folders = ["/mnt", "/media", "/srv", "/tmp"].filter((folder) => existsSync(folder));
  return folders.find((folder) => !needed.some((path) => path.startsWith(`${folder}/`))) ?? "/tmp";
}
